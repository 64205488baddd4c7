<?php
// Writes what PHP's serialisers make of objects.json, as bodies.py does. With Guzzle (php-guzzlehttp-guzzle) its bodies, too.
error_reporting(E_ALL & ~E_DEPRECATED);
$text = file_get_contents(__DIR__ . '/objects.json');
function put($object, $by, $body, $type = 'application/json') {
    if ($body === false || $body === null) return;
    echo json_encode(['stack' => 'php', 'object' => $object, 'by' => $by, 'base64' => base64_encode($body), 'type' => $type]), "\n";
}
function rksort(&$a) { if (!is_array($a)) return; ksort($a); foreach ($a as &$v) rksort($v); }
@include '/usr/share/php/GuzzleHttp/autoload.php';
$asObjects = json_decode($text);
foreach (json_decode($text, true) as $name => $o) {
    put($name, 'json_encode', json_encode($o));
    put($name, 'json_encode unescaped', json_encode($o, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES));
    put($name, 'json_encode UNESCAPED_SLASHES', json_encode($o, JSON_UNESCAPED_SLASHES));
    put($name, 'json_encode UNESCAPED_UNICODE', json_encode($o, JSON_UNESCAPED_UNICODE));
    put($name, 'json_encode pretty', json_encode($o, JSON_PRETTY_PRINT));
    put($name, 'json_encode pretty unescaped', json_encode($o, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES));
    put($name, 'json_encode of objects', json_encode($asObjects->$name));
    put($name, 'json_encode of objects unescaped', json_encode($asObjects->$name, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_LINE_TERMINATORS));
    put($name, 'json_encode PRESERVE_ZERO_FRACTION', json_encode($o, JSON_PRESERVE_ZERO_FRACTION));
    put($name, 'json_encode HEX', json_encode($o, JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_APOS | JSON_HEX_QUOT));
    put($name, 'json_encode FORCE_OBJECT', json_encode($o, JSON_FORCE_OBJECT));
    put($name, 'json_encode NUMERIC_CHECK', json_encode($o, JSON_NUMERIC_CHECK));
    $s = $o; ksort($s); put($name, 'json_encode after ksort', json_encode($s));
    $s = $o; rksort($s); put($name, 'json_encode after recursive ksort', json_encode($s, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES));
    put($name, 'json_encode array_filter', json_encode(array_filter($o)));
    ini_set('serialize_precision', '17'); put($name, 'json_encode precision 17', json_encode($o)); ini_set('serialize_precision', '-1');
    put($name, 'serialize', serialize($o), 'text/plain');
    put($name, 'serialize objects', serialize($asObjects->$name), 'text/plain');
    put($name, 'var_export', var_export($o, true), 'text/plain');
    put($name, 'var_export objects', var_export($asObjects->$name, true), 'text/plain');
    put($name, 'print_r', print_r($o, true), 'text/plain');
    put($name, 'print_r objects', print_r($asObjects->$name, true), 'text/plain');
    put($name, 'http_build_query', http_build_query($o), 'application/x-www-form-urlencoded');
    put($name, 'http_build_query RFC3986', http_build_query($o, '', '&', PHP_QUERY_RFC3986), 'application/x-www-form-urlencoded');
    $s = $o; ksort($s); put($name, 'pairs urldecoded', urldecode(http_build_query($s)), 'text/plain');
    put($name, 'implode', @implode('', $o), 'text/plain');
    put($name, 'addslashes', addslashes(json_encode($o)), 'text/plain');
    put($name, 'htmlspecialchars', htmlspecialchars(json_encode($o, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES)), 'text/plain');
    put($name, 'urlencode', urlencode(json_encode($o)), 'text/plain');
    put($name, 'rawurlencode', rawurlencode(json_encode($o)), 'text/plain');
    put($name, 'utf8_encode', @utf8_encode(json_encode($o, JSON_UNESCAPED_UNICODE)));
    put($name, 'json_encode twice', json_encode(json_encode($o)));
    put($name, 'latin1', mb_convert_encoding(json_encode($o, JSON_UNESCAPED_UNICODE), 'ISO-8859-1', 'UTF-8'));
    put($name, 'gbk', mb_convert_encoding(json_encode($o, JSON_UNESCAPED_UNICODE), 'GBK', 'UTF-8'));
    if (!class_exists('GuzzleHttp\Client')) continue;
    $history = [];
    $stack = GuzzleHttp\HandlerStack::create(new GuzzleHttp\Handler\MockHandler(array_fill(0, 9, new GuzzleHttp\Psr7\Response())));
    $stack->push(GuzzleHttp\Middleware::history($history));
    $client = new GuzzleHttp\Client(['handler' => $stack]);
    $parts = []; foreach ($o as $k => $v) $parts[] = ['name' => (string) $k, 'contents' => is_scalar($v) ? (string) $v : json_encode($v)];
    foreach ([['json' => $o], ['form_params' => $o], ['multipart' => $parts], ['multipart' => [['name' => 'request', 'contents' => json_encode($o)]]]] as $i => $options) {
        try { $client->post('https://x.example/a', $options); } catch (Throwable $e) { fwrite(STDERR, "$name: {$e->getMessage()}\n"); continue; }
        $r = end($history)['request'];
        put($name, 'Guzzle ' . key($options) . ($i === 3 ? ' of JSON' : ''), (string) $r->getBody(), $r->getHeaderLine('Content-Type'));
    }
}
// What is not UTF-8.
$bad = ['note' => "caf\xe9 \x80 x", 'n' => 1, 'in' => ['k' => "ok"]];
foreach (['PARTIAL_OUTPUT_ON_ERROR' => JSON_PARTIAL_OUTPUT_ON_ERROR, 'INVALID_UTF8_SUBSTITUTE' => JSON_INVALID_UTF8_SUBSTITUTE, 'INVALID_UTF8_IGNORE' => JSON_INVALID_UTF8_IGNORE,
    'SUBSTITUTE unescaped' => JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE] as $by => $flag) put('bad', "json_encode $by", json_encode($bad, $flag));
put('bad', 'raw', "{\"note\":\"caf\xe9 \x80 x\",\"n\":1,\"in\":{\"k\":\"ok\"}}");
$date = new DateTime('2023-11-14T22:13:20.123Z');
put('dates', 'json_encode of DateTime', json_encode(['id' => 'A1', 'at' => $date]));
foreach (['c', DATE_ATOM, DATE_RFC2822, DATE_COOKIE, 'Y-m-d H:i:s', 'U', DATE_RFC3339_EXTENDED, 'Y-m-d\TH:i:s.u\Z', 'YmdHis'] as $f) put('dates', "json_encode of date $f", json_encode(['id' => 'A1', 'at' => $date->format($f)], JSON_UNESCAPED_SLASHES));

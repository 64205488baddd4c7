<?php // Targets and times of PHP stacks: php targets.php [rounds]
require '/usr/share/php/GuzzleHttp/autoload.php';
$base = getenv('STACKS_URL');
$texts = ["a b", "x+y", "2024-01-10T12:00:00+01:00", "100%", "~user", "it's (ok)!", "a*b", "ü", "咖啡", "a,b;c", "p/q?r", "[x]", "{y}|z", "a@b.c", "$5", "1=1", "a&b", '"q"', "<t>"];
$others = ["", null, true, false, 0, 1.5, [1, 2], ["a b", "c"], ["k" => "v w"]];
$names = ["z", "a", "lang", "ref", "at", "ids", "f"];
$pick = fn($l) => $l[array_rand($l)];
$flat = fn($v) => is_array($v) ? 'Array' : (string)$v;
$join = fn($p, $enc) => implode('&', array_map(fn($k) => $k . '=' . $enc($flat($p[$k])), array_keys($p)));
$hand = [
  'build' => fn($p) => http_build_query($p),
  'rfc3986' => fn($p) => http_build_query($p, '', '&', PHP_QUERY_RFC3986),
  'urlencode' => fn($p) => $join($p, 'urlencode'),
  'rawurlencode' => fn($p) => $join($p, 'rawurlencode'),
  'raw' => fn($p) => $join($p, fn($s) => $s),
  'decoded' => fn($p) => urldecode(http_build_query($p)),
  'ksort' => function ($p) use ($join) { ksort($p); return $join($p, 'rawurlencode'); },
];
$times = [
  'microtime' => fn($t) => (string)$t, 'microtime1000' => fn($t) => (string)($t * 1000), 'json' => fn($t) => json_encode($t), 'json1000' => fn($t) => json_encode($t * 1000),
  'date' => fn($t) => date('Y-m-d H:i:s', (int)$t), 'c' => fn($t) => date('c', (int)$t), 'r' => fn($t) => date('r', (int)$t), 'atomms' => fn($t) => DateTime::createFromFormat('U.u', sprintf('%.6F', $t))->format('Y-m-d\TH:i:s.vP'),
  'u' => fn($t) => DateTime::createFromFormat('U.u', sprintf('%.6F', $t))->format('Y-m-d\TH:i:s.u\Z'), 'printf' => fn($t) => sprintf('%.4f', $t),
  'string' => fn($t) => sprintf('0.%06d00 %d', round(fmod($t, 1) * 1e6), (int)$t), 'number' => fn($t) => number_format($t * 1000, 0, '.', ''), 'digits' => fn($t) => str_replace('.', '', (string)$t),
];
$head = function ($stack, $target, $signed = null, $sent = null) {
  $t = (string)(int)(microtime(true) * 1000);
  return ['X-Stack' => $stack, 'X-Target' => base64_encode($target), 'X-Time' => base64_encode($signed ?? $t), 'Request-Time' => $sent ?? $t, 'Content-Type' => 'application/json'];
};
$body = fn() => json_encode(['paymentRequestId' => 'PR_' . bin2hex(random_bytes(6)), 'paymentAmount' => ['currency' => 'USD', 'value' => '10000']]);
$client = new GuzzleHttp\Client(['http_errors' => false]);
$path = '/miniprogram/api/v2/payments/pay';
for ($i = 0; $i < (int)($argv[1] ?? 5); $i++) {
  $p = [];
  foreach (array_rand(array_flip($names), 3) as $n) $p[$n] = mt_rand(0, 99) < 35 ? $pick($others) : $pick($texts);
  foreach ([1, 2] as $_) {
    $how = array_rand($hand);
    $client->post($base . $path, ['query' => $p, 'body' => $body(), 'headers' => $head("php-guzzle-$how", $path . '?' . $hand[$how]($p))]);
  }
  $raw = "$path?" . $hand['raw']($p);
  try { $client->post($base . str_replace(['%', '#'], '', $raw), ['body' => $body(), 'headers' => $head('php-guzzle-url', str_replace(['%', '#'], '', $raw))]); } catch (Exception $e) {}
  foreach ($times as $name => $f) { $t = microtime(true); $client->post($base . $path, ['body' => $body(), 'headers' => $head("php-time-$name", $path, $f($t), (string)(int)floor($t * 1000))]); }
}

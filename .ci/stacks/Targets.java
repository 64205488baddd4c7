// Targets and times of Java stacks: java -cp okhttp.jar:okio.jar:kotlin-stdlib.jar:. Targets.java [rounds]
import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.*;
import java.util.function.*;

public class Targets {
  static final Random random = new Random();
  static final String BASE = System.getenv("STACKS_URL"), PATH = "/miniprogram/api/v2/payments/pay";
  static final String[] TEXTS = {"a b", "x+y", "2024-01-10T12:00:00+01:00", "100%", "~user", "it's (ok)!", "a*b", "ü", "咖啡", "a,b;c", "p/q?r", "[x]", "{y}|z", "a@b.c", "$5", "1=1", "a&b", "\"q\"", "<t>"};
  static final String[] NAMES = {"z", "a", "lang", "ref", "at", "ids", "f"};

  static String enc(String s) { return URLEncoder.encode(s, StandardCharsets.UTF_8); }
  static String b64(String s) { return Base64.getEncoder().encodeToString(s.getBytes(StandardCharsets.UTF_8)); }
  static String body() { return "{\"paymentRequestId\":\"PR_" + Long.toString(random.nextLong(), 36) + "\",\"paymentAmount\":{\"currency\":\"USD\",\"value\":\"10000\"}}"; }
  static String join(Map<String, String> p, Function<String, String> f) {
    StringJoiner j = new StringJoiner("&");
    p.forEach((k, v) -> j.add(k + "=" + f.apply(String.valueOf(v))));
    return j.toString();
  }
  static Map<String, String> head(String stack, String target, String signed, String sent) {
    String t = String.valueOf(System.currentTimeMillis());
    return Map.of("X-Stack", stack, "X-Target", b64(target), "X-Time", b64(signed == null ? t : signed), "Request-Time", sent == null ? t : sent);
  }
  static void jdk(URI uri, Map<String, String> h) throws Exception {
    var b = HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).POST(HttpRequest.BodyPublishers.ofString(body())).header("Content-Type", "application/json");
    h.forEach(b::header);
    HttpClient.newHttpClient().send(b.build(), HttpResponse.BodyHandlers.ofString());
  }

  public static void main(String[] a) throws Exception {
    int rounds = a.length > 0 ? Integer.parseInt(a[0]) : 5;
    Map<String, Function<Map<String, String>, String>> hand = new LinkedHashMap<>();
    hand.put("urlencoder", p -> join(p, Targets::enc));
    hand.put("percent20", p -> join(p, s -> enc(s).replace("+", "%20")));
    hand.put("rfc3986", p -> join(p, s -> enc(s).replace("+", "%20").replace("*", "%2A").replace("%7E", "~")));
    hand.put("raw", p -> join(p, s -> s));
    hand.put("tree", p -> join(new TreeMap<>(p), s -> s));
    Map<String, Function<Instant, String>> times = new LinkedHashMap<>();
    times.put("instant", Instant::toString);
    times.put("local", t -> LocalDateTime.ofInstant(t, ZoneOffset.UTC).toString());
    times.put("offset", t -> t.atOffset(ZoneOffset.ofHours(8)).toString());
    times.put("zoned", t -> t.atZone(ZoneId.of("Asia/Shanghai")).toString());
    times.put("date", t -> Date.from(t).toString());
    times.put("double", t -> String.valueOf((double) t.toEpochMilli()));
    times.put("nanos", t -> String.valueOf(t.getEpochSecond() * 1000000000L + t.getNano()));
    times.put("pattern", t -> DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC).format(t));
    times.put("rfc1123", t -> DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC).format(t));
    times.put("decimal", t -> new java.math.BigDecimal(t.getEpochSecond()).add(java.math.BigDecimal.valueOf(t.getNano(), 9)).toString());
    for (int i = 0; i < rounds; i++) {
      Map<String, String> p = new LinkedHashMap<>();
      while (p.size() < 3) p.put(NAMES[random.nextInt(NAMES.length)], TEXTS[random.nextInt(TEXTS.length)]);
      String how = new ArrayList<>(hand.keySet()).get(random.nextInt(hand.size())), q = hand.get(how).apply(p);
      var mixed = new HashMap<>(p); // its own order
      jdk(URI.create(BASE + PATH + "?" + join(mixed, Targets::enc)), head("java-jdk-map-" + how, PATH + "?" + q, null, null));
      jdk(new URI("http", null, "127.0.0.1", URI.create(BASE).getPort(), PATH, join(p, s -> s.replace("&", "").replace("%", "")), null),
          head("java-jdk-uri", PATH + "?" + join(p, s -> s.replace("&", "").replace("%", "")), null, null));
      var u = okhttp3.HttpUrl.parse(BASE + PATH).newBuilder();
      p.forEach(u::addQueryParameter);
      ok(u.build(), head("java-okhttp-" + how, PATH + "?" + q, null, null));
      String raw = PATH + "?" + join(p, s -> s.replace("&", "").replace("%", ""));
      ok(okhttp3.HttpUrl.parse(BASE + raw), head("java-okhttp-url", raw, null, null));
      for (var e : times.entrySet()) {
        Instant t = Instant.now();
        jdk(URI.create(BASE + PATH), head("java-time-" + e.getKey(), PATH, e.getValue().apply(t), String.valueOf(t.toEpochMilli())));
      }
    }
    System.exit(0);
  }
  static void ok(okhttp3.HttpUrl u, Map<String, String> h) throws Exception {
    var b = new okhttp3.Request.Builder().url(u).post(okhttp3.RequestBody.create(okhttp3.MediaType.parse("application/json"), body()));
    h.forEach(b::header);
    new okhttp3.OkHttpClient().newCall(b.build()).execute().close();
  }
}

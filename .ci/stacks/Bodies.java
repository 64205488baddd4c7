// Writes what Java's serialisers make of objects.json, as bodies.py does. Run with the jars of jackson, gson and okhttp.
import com.fasterxml.jackson.databind.*;
import com.google.gson.*;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.*;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;

public class Bodies {
  static final Gson OUT = new GsonBuilder().disableHtmlEscaping().create();
  interface Make { Object of() throws Exception; }

  static void put(String object, String by, Make m, String... type) {
    try {
      Object b = m.of();
      byte[] bytes = b instanceof byte[] ? (byte[]) b : b.toString().getBytes(StandardCharsets.UTF_8);
      Map<String, String> line = new LinkedHashMap<>();
      line.put("stack", "java"); line.put("object", object); line.put("by", by);
      line.put("base64", Base64.getEncoder().encodeToString(bytes)); line.put("type", type.length > 0 ? type[0] : "application/json");
      System.out.println(OUT.toJson(line));
    } catch (Exception | LinkageError e) { System.err.println(object + " " + by + ": " + e); }
  }

  @SuppressWarnings("unchecked")
  static Object deep(Object o, boolean tree) {
    if (o instanceof Map) { Map<String, Object> m = tree ? new TreeMap<>() : new HashMap<>(); ((Map<String, Object>) o).forEach((k, v) -> m.put(k, deep(v, tree))); return m; }
    if (o instanceof List) return ((List<Object>) o).stream().map(v -> deep(v, tree)).collect(Collectors.toList());
    return o;
  }

  static String pojo(JsonNode n) throws Exception { return new ObjectMapper().setSerializationInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL).writeValueAsString(new ObjectMapper().convertValue(n, Map.class)); }

  public static void main(String[] a) throws Exception {
    JsonNode all = new ObjectMapper().readTree(Files.readString(Path.of(a[0], "objects.json")));
    ObjectMapper jackson = new ObjectMapper();
    for (Iterator<Map.Entry<String, JsonNode>> i = all.fields(); i.hasNext();) {
      Map.Entry<String, JsonNode> e = i.next();
      String name = e.getKey(), raw = e.getValue().toString();
      Map<String, Object> map = jackson.readValue(raw, LinkedHashMap.class);
      put(name, "Jackson tree", () -> raw);
      put(name, "Jackson", () -> jackson.writeValueAsString(map));
      put(name, "Jackson pretty", () -> jackson.writerWithDefaultPrettyPrinter().writeValueAsString(map));
      put(name, "Jackson sorted", () -> jackson.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).writeValueAsString(map));
      put(name, "Jackson HashMap", () -> jackson.writeValueAsString(deep(map, false)));
      put(name, "Jackson TreeMap", () -> jackson.writeValueAsString(deep(map, true)));
      put(name, "Jackson escaped ascii", () -> jackson.writer().with(com.fasterxml.jackson.core.JsonGenerator.Feature.ESCAPE_NON_ASCII).writeValueAsString(map));
      put(name, "Jackson NON_NULL dropped", () -> pojo(e.getValue()));
      put(name, "Jackson BigDecimal", () -> new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).readValue(raw, Map.class).toString(), "text/plain");
      put(name, "Jackson numbers as strings", () -> jackson.writer().with(com.fasterxml.jackson.core.JsonGenerator.Feature.WRITE_NUMBERS_AS_STRINGS).writeValueAsString(map));
      put(name, "Jackson bytes", () -> jackson.writeValueAsBytes(map));
      put(name, "Gson", () -> new Gson().toJson(map));
      put(name, "Gson no HTML escaping", () -> OUT.toJson(map));
      put(name, "Gson serializeNulls", () -> new GsonBuilder().serializeNulls().create().toJson(map));
      put(name, "Gson pretty", () -> new GsonBuilder().setPrettyPrinting().create().toJson(map));
      put(name, "Gson of Map from JSON", () -> new Gson().toJson(new Gson().fromJson(raw, Map.class)));
      put(name, "Gson JsonElement", () -> JsonParser.parseString(raw).toString());
      put(name, "Gson twice", () -> new Gson().toJson(new Gson().toJson(map)));
      put(name, "toString", () -> map.toString(), "text/plain");
      put(name, "toString of HashMap", () -> deep(map, false).toString(), "text/plain");
      put(name, "toString of TreeMap", () -> deep(map, true).toString(), "text/plain");
      put(name, "toString of Gson map", () -> new Gson().fromJson(raw, Map.class).toString(), "text/plain");
      put(name, "Arrays.toString of bytes", () -> Arrays.toString(raw.getBytes(StandardCharsets.UTF_8)), "text/plain");
      put(name, "getBytes ascii", () -> raw.getBytes(StandardCharsets.US_ASCII));
      put(name, "getBytes latin1", () -> raw.getBytes(StandardCharsets.ISO_8859_1));
      put(name, "getBytes UTF_16", () -> raw.getBytes(StandardCharsets.UTF_16));
      put(name, "getBytes GBK", () -> raw.getBytes(Charset.forName("GBK")));
      put(name, "UTF-8 read as Latin-1 ascii", () -> new String(raw.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
      put(name, "URLEncoder", () -> URLEncoder.encode(raw, "UTF-8"), "text/plain");
      put(name, "MIME base64", () -> Base64.getMimeEncoder().encodeToString(raw.getBytes(StandardCharsets.UTF_8)), "text/plain");
      put(name, "pairs of TreeMap", () -> new TreeMap<>(map).entrySet().stream().map(p -> p.getKey() + "=" + p.getValue()).collect(Collectors.joining("&")), "text/plain");
      put(name, "pairs without empty", () -> new TreeMap<>(map).entrySet().stream().filter(p -> p.getValue() != null && !"".equals(p.getValue())).map(p -> p.getKey() + "=" + p.getValue()).collect(Collectors.joining("&")), "text/plain");
      put(name, "form of URLEncoder", () -> { StringBuilder s = new StringBuilder(); for (Map.Entry<String, Object> p : map.entrySet()) s.append(s.length() > 0 ? "&" : "").append(p.getKey()).append("=").append(URLEncoder.encode(String.valueOf(p.getValue()), "UTF-8")); return s; }, "application/x-www-form-urlencoded");
      put(name, "OkHttp FormBody", () -> { okhttp3.FormBody.Builder f = new okhttp3.FormBody.Builder(); map.forEach((k, v) -> f.add(k, String.valueOf(v))); okio.Buffer out = new okio.Buffer(); f.build().writeTo(out); return out.readByteArray(); }, "application/x-www-form-urlencoded");
      put(name, "OkHttp multipart", () -> { okhttp3.MultipartBody.Builder f = new okhttp3.MultipartBody.Builder("b0undary"); map.forEach((k, v) -> f.addFormDataPart(k, String.valueOf(v))); okio.Buffer out = new okio.Buffer(); f.build().writeTo(out); return out.readByteArray(); }, "multipart/form-data; boundary=b0undary");
    }
    for (String z : new String[] {"UTC", "Asia/Shanghai"}) {
      TimeZone.setDefault(TimeZone.getTimeZone(z));
      Date d = new Date(1700000000123L);
      Map<String, Object> m = new LinkedHashMap<>(); m.put("id", "A1"); m.put("at", d);
      put("dates", "Jackson timestamp " + z, () -> jackson.writeValueAsString(m));
      put("dates", "Jackson ISO " + z, () -> new ObjectMapper().disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS).writeValueAsString(m));
      put("dates", "Jackson ISO zone " + z, () -> new ObjectMapper().disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS).setTimeZone(TimeZone.getDefault()).writeValueAsString(m));
      put("dates", "Gson " + z, () -> new Gson().toJson(m));
      put("dates", "Gson format " + z, () -> new GsonBuilder().setDateFormat("yyyy-MM-dd HH:mm:ss").create().toJson(m));
      put("dates", "Date.toString " + z, () -> { Map<String, Object> s = new LinkedHashMap<>(m); s.put("at", d.toString()); return OUT.toJson(s); });
      put("dates", "Instant " + z, () -> { Map<String, Object> s = new LinkedHashMap<>(m); s.put("at", d.toInstant().toString()); return OUT.toJson(s); });
      put("dates", "map.toString " + z, () -> m.toString(), "text/plain");
    }
    Map<String, Object> m = new LinkedHashMap<>(); m.put("amount", new BigDecimal("1E+3")); m.put("d", new BigDecimal("100.10")); m.put("n", 1); m.put("big", new BigDecimal("0.0000001"));
    put("decimals", "Jackson bigdecimal", () -> jackson.writeValueAsString(m));
    put("decimals", "Jackson plain", () -> new ObjectMapper().enable(com.fasterxml.jackson.core.JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN).writeValueAsString(m));
    put("decimals", "Gson bigdecimal", () -> new Gson().toJson(m));
    put("decimals", "strip zeros", () -> { Map<String, Object> s = new LinkedHashMap<>(); m.forEach((k, v) -> s.put(k, v instanceof BigDecimal ? ((BigDecimal) v).stripTrailingZeros() : v)); return jackson.writeValueAsString(s); });
    put("decimals", "double Data", () -> { Map<String, Object> s = new LinkedHashMap<>(); m.forEach((k, v) -> s.put(k, v instanceof BigDecimal ? ((BigDecimal) v).doubleValue() : v)); return jackson.writeValueAsString(s); });
  }
}

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

// A client of Java with its standard library. It asks for HTTP/2 by Upgrade, as
// java.net.http does by itself.
public class Client {
    public static void main(String[] a) throws Exception {
        String pem = Files.readString(Path.of(a[1])).replaceAll("-----[^-]*-----|\\s", "");
        var key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        var client = HttpClient.newHttpClient();
        URI uri = URI.create(a[0]);
        for (int i = 0; i < Integer.parseInt(a[3]); i++) {
            String time = Long.toString(System.currentTimeMillis());
            Signature s = Signature.getInstance("SHA256withRSA");
            s.initSign(key);
            s.update(("POST " + uri.getPath() + "\nC1." + time + "." + a[2]).getBytes(StandardCharsets.UTF_8));
            String value = URLEncoder.encode(Base64.getEncoder().encodeToString(s.sign()), StandardCharsets.UTF_8);
            var r = HttpRequest.newBuilder(uri).header("Content-Type", "application/json").header("Client-Id", "C1")
                .header("Request-Time", time).header("Signature", "algorithm=RSA256, keyVersion=1, signature=" + value)
                .POST(HttpRequest.BodyPublishers.ofString(a[2])).build();
            client.send(r, HttpResponse.BodyHandlers.ofString());
        }
    }
}

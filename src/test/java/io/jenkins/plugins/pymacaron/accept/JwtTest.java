package io.jenkins.plugins.pymacaron.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.pymacaron.process.Command;
import io.jenkins.plugins.pymacaron.process.Processes;
import io.jenkins.plugins.pymacaron.process.SecretMask;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token as a service reads it, by Python's own hmac. */
class JwtTest {
    private static final String VERIFY = """
            import base64, hashlib, hmac, json, os
            head, body, signature = os.environ['TOKEN'].split('.')
            decode = lambda part: base64.urlsafe_b64decode(part + '=' * (-len(part) % 4))
            mac = hmac.new(os.environ['SECRET'].encode(), (head + '.' + body).encode(), hashlib.sha256).digest()
            assert hmac.compare_digest(mac, decode(signature)), 'signature'
            print(json.dumps([json.loads(decode(head)), json.loads(decode(body))], sort_keys=True))
            """;

    @ParameterizedTest
    @ValueSource(strings = {"s", "short", "a long one with = and ' and \" and ü, of more than thirty-two bytes"})
    void isWhatPythonVerifies(String secret) throws Exception {
        Instant now = Instant.ofEpochSecond(1_795_000_000);
        String token = Jwt.token("iss.example", "aud", "PYM_DEFAULT_USER_ID", secret, now, Duration.ofDays(1));
        String claims = new Processes(SecretMask.NONE, line -> {})
                .query(Command.of("python3", "-c", VERIFY)
                        .with("TOKEN", token)
                        .with("SECRET", secret)
                        .with("PYTHONUTF8", "1")
                        .with("LC_ALL", "C.UTF-8"))
                .orThrow("verifying")
                .output();
        assertThat(claims.strip())
                .isEqualTo("[{\"alg\": \"HS256\", \"iss\": \"iss.example\", \"typ\": \"JWT\"}, {\"aud\": \"aud\","
                        + " \"exp\": 1795086400, \"iat\": 1795000000, \"iss\": \"iss.example\","
                        + " \"sub\": \"PYM_DEFAULT_USER_ID\"}]");
    }
}

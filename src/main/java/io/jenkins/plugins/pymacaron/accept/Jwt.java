package io.jenkins.plugins.pymacaron.accept;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.time.Duration;
import java.time.Instant;

/** The token that acceptance tests show: HS256, as pymacaron's auth.py makes and checks it. */
public final class Jwt {
    private Jwt() {}

    /**
     * @param secret of any length, since services have short ones too
     * @param lifetime {@code jwt_token_timeout}
     */
    public static String token(
            String issuer, String audience, String user, String secret, Instant now, Duration lifetime) {
        return JWT.create()
                .withIssuer(issuer)
                .withAudience(audience)
                .withSubject(user)
                .withIssuedAt(now)
                .withExpiresAt(now.plus(lifetime))
                .sign(Algorithm.HMAC256(secret));
    }
}

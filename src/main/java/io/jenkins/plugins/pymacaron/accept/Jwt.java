package io.jenkins.plugins.pymacaron.accept;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Makes the token that acceptance tests use: HS256, as generate_token of pymacaron's auth.py makes it. */
public final class Jwt {
    private Jwt() {}

    /**
     * Returns a token.
     *
     * @param user becomes {@code sub}: {@code default_user_id}
     * @param secret of any length but zero, since services have short ones too
     * @param lifetime {@code jwt_token_timeout}
     */
    public static String token(
            String issuer, String audience, String user, String secret, Instant now, Duration lifetime) {
        return JWT.create()
                // auth.py puts the issuer in the header too, and looks for it there.
                .withHeader(Map.of("iss", issuer))
                .withIssuer(issuer)
                .withAudience(audience)
                .withSubject(user)
                .withIssuedAt(now)
                .withExpiresAt(now.plus(lifetime))
                .sign(Algorithm.HMAC256(secret));
    }
}

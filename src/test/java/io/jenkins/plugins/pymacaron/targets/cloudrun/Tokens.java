package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.jenkins.plugins.pymacaron.targets.cloud.GoogleKey;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Request;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Google's token endpoint for one service account: access and ID tokens for a signed assertion. */
final class Tokens {
    static final String EMAIL = "deployer@my-project.iam.gserviceaccount.com";

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    /** The address that the library names in its assertions for access tokens, for every receiver. */
    private static final String GOOGLES_URI = "https://oauth2.googleapis.com/token";

    private final KeyPair keys = GoogleKey.pair();
    private final Algorithm mine = Algorithm.HMAC256("the signature of a stand-in for Google");
    final Set<String> issued = ConcurrentHashMap.newKeySet();

    /** Returns the account's key, as Google hands it out. */
    String key(String tokenUri) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "service_account")
                .put("project_id", "my-project")
                .put("private_key_id", "1")
                .put("private_key", GoogleKey.pem())
                .put("client_email", EMAIL)
                .put("client_id", "1")
                .put("token_uri", tokenUri)
                .toString();
    }

    Answer answer(Request request, String tokenUri) {
        Map<String, String> form = request.form();
        try {
            DecodedJWT assertion = JWT.require(
                            Algorithm.RSA256((RSAPublicKey) keys.getPublic(), (RSAPrivateKey) keys.getPrivate()))
                    .withIssuer(EMAIL)
                    .withAnyOfAudience(tokenUri, GOOGLES_URI)
                    .build()
                    .verify(form.getOrDefault("assertion", ""));
            if ("".equals(assertion.getKeyId())) {
                return Answer.json(400, "{\"error\": \"invalid_grant\", \"error_description\": \"no such key\"}");
            }
            if (!GRANT.equals(form.get("grant_type"))) {
                return Answer.json(400, "{\"error\": \"unsupported_grant_type\"}");
            }
            String audience = assertion.getClaim("target_audience").asString();
            if (audience != null) {
                String token = JWT.create()
                        .withIssuer("https://accounts.google.com")
                        .withAudience(audience)
                        .withClaim("email", EMAIL)
                        .withExpiresAt(Instant.now().plus(Duration.ofHours(1)))
                        .sign(mine);
                return Answer.json(200, "{\"id_token\": \"" + token + "\"}");
            }
            String token = "ya29.token-" + issued.size();
            issued.add(token);
            return Answer.json(
                    200, "{\"access_token\": \"" + token + "\", \"expires_in\": 3600, \"token_type\": \"Bearer\"}");
        } catch (JWTVerificationException e) {
            return Answer.json(
                    400, "{\"error\": \"invalid_grant\", \"error_description\": \"" + e.getMessage() + "\"}");
        }
    }

    boolean isAccess(Request request) {
        String header = request.headers().getOrDefault("authorization", "");
        return header.startsWith("Bearer ") && issued.contains(header.substring(7));
    }

    /**
     * Returns whether it proves that it may call the service: by the header that Cloud Run reads first, or the usual
     * one.
     */
    boolean mayCall(Request request, String service) {
        String header = request.headers()
                .getOrDefault("x-serverless-authorization", request.headers().getOrDefault("authorization", ""));
        try {
            JWT.require(mine).withAudience(service).build().verify(header.replaceFirst("^Bearer ", ""));
            return true;
        } catch (JWTVerificationException e) {
            return false;
        }
    }
}

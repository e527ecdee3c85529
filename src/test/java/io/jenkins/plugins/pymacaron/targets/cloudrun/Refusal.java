package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.pymacaron.targets.cloud.WireServer.Answer;

/** An error in the form that Google's services answer with. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String status;

    Refusal(int code, String status, String message) {
        super(message);
        this.code = code;
        this.status = status;
    }

    static Refusal invalid(String message) {
        return new Refusal(400, "INVALID_ARGUMENT", message);
    }

    static Refusal precondition(String message) {
        return new Refusal(400, "FAILED_PRECONDITION", message);
    }

    static Refusal missing(String what) {
        return new Refusal(404, "NOT_FOUND", "Resource '" + what + "' was not found");
    }

    static Refusal exists(String message) {
        return new Refusal(409, "ALREADY_EXISTS", message);
    }

    static Refusal conflict(String what) {
        return new Refusal(409, "ABORTED", "Conflict for resource '" + what + "': it was changed in the meantime.");
    }

    static Refusal denied(String permission, String what) {
        return new Refusal(
                403, "PERMISSION_DENIED", "Permission '" + permission + "' denied on resource '" + what + "'");
    }

    Answer answer() {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.putObject("error").put("code", code).put("message", getMessage()).put("status", status);
        return Answer.json(code, error.toString());
    }
}

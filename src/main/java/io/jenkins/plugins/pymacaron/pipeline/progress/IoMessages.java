package io.jenkins.plugins.pymacaron.pipeline.progress;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/** Writes clear messages about files, where Java's exceptions say too little. */
public final class IoMessages {
    private IoMessages() {}

    public static String of(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left on device") && !message.contains("The disk is full")) {
            return "the disk is full (" + message + "). Free some space";
        }
        return e instanceof FileSystemException file ? file.getFile() + " cannot be used: " + reason(file) : message;
    }

    /** Returns the message of any exception. */
    public static String ofAny(Exception e) {
        return e instanceof IOException io ? of(io) : e.getMessage();
    }

    /** Returns one line for many problems, an error if there is one. */
    public static String firstOf(String problems) {
        List<String> lines = problems.lines().toList();
        String first = lines.stream()
                .filter(line -> line.contains(": error: "))
                .findFirst()
                .orElse(problems);
        return lines.size() < 2 ? problems : first + " (and " + (lines.size() - 1) + " more)";
    }

    /** Returns the reason: the messages of these exceptions are file names. */
    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return "it is not a directory";
        }
        return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }
}

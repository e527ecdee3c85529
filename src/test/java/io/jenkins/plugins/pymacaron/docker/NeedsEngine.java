package io.jenkins.plugins.pymacaron.docker;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Tests that are skipped as a whole, with all that they set up, where no Docker Engine for tests is named. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfEnvironmentVariable(
        named = "PYM_TEST_BASE",
        matches = ".+",
        disabledReason = "PYM_TEST_BASE is not set: bin/verify sets up a Docker Engine and a base image")
public @interface NeedsEngine {}

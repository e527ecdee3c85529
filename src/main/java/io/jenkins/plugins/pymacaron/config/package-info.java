/**
 * Reads {@code pym-config.yaml} into an immutable {@link io.jenkins.plugins.pymacaron.config.PymConfig}. One table of
 * keys gives reading, checks, suggestions and documentation. Knows no other room and starts nothing.
 */
package io.jenkins.plugins.pymacaron.config;

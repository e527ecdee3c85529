/**
 * Runs one process on the agent for each stage: its specification, its start, its result, and the records of
 * interrupted stages. Treats every byte that an agent returns as hostile.
 */
package io.jenkins.plugins.pymacaron.jenkins.agent;

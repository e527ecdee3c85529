/**
 * One process on the agent for each stage: its specification, its start, its result, and what is remembered of stages that
 * were cut off. Takes every byte that an agent returns for hostile.
 */
package io.jenkins.plugins.pymacaron.jenkins.agent;

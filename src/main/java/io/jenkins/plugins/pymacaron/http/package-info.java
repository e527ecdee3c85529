/**
 * Requests over HTTP whose answers have a limit of time and of size as a whole, whoever answers. Knows of no service in
 * particular, and of no other room.
 */
package io.jenkins.plugins.pymacaron.http;

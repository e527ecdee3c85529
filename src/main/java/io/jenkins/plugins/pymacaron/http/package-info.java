/**
 * Sends requests over HTTP whose answers have a limit of time and of size as a whole, from any server. Knows no
 * particular service, and no other room.
 */
package io.jenkins.plugins.pymacaron.http;

package io.jenkins.plugins.pymacaron.report;
import java.util.List;
record HtmlPage(RunSummary summary, List<TestSection> sections) { String text() { return ""; } }

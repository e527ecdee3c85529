package io.jenkins.plugins.pymacaron.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text of the Dockerfile. Parts that rarely change come first, so that a change of the source costs one layer of
 * source, and a new version of the same content repeats no program.
 *
 * @param extra the text of Dockerfile.extra
 * @param apis whether the source has a directory of APIs, as each service that uses the library has
 * @param url of the source, without credentials
 */
record Dockerfile(
        ImageSpec spec,
        BaseImage base,
        Requirements requirements,
        boolean apis,
        Optional<String> extra,
        Optional<String> url) {
    /**
     * Paths in the build context. No file of the project can have these names, since all of them are below
     * {@link #APP}.
     */
    static final String FILE = "Dockerfile";

    static final String APP = "app";
    static final String NEEDED = "requirements";
    static final String START = "pym-start";
    static final String GENERATE = "pym-generate.py";
    /** The programs of the plugin. {@link #START} uses those that are neither {@link #START} nor {@link #GENERATE}. */
    static final List<String> PROGRAMS = List.of(START, "pym-share.py", "pym-async.bash", GENERATE);

    /** The directory in which the library looks for APIs, beside pym-config.yaml (PyMacaronConfig.load_pym_config). */
    static final String APIS = "apis";

    static final String VERSION = "VERSION";

    private static final Pattern USER = Pattern.compile("(?im)^\\s*USER\\s+(\\S+)");
    static final String PING = "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open("
            + "'http://127.0.0.1:%s/ping' % os.environ.get('PORT', '80'), timeout=4)";

    /**
     * The programs that pymasync starts and asks (pymasync; pymconfig). Without them the service would seem well, and
     * each task would fail.
     */
    private static final String ASYNC_NEEDS = ". /pym/virtenv/bin/activate && { ! command -v pymasync"
            + " || { command -v redis-server && command -v git; }; } >/dev/null"
            + " || { printf 'ERROR%s with_async needs the programs redis-server and git in the image: install them in"
            + " Dockerfile.extra, or take a docker_base that has them\\n' : >&2; exit 1; }";

    /**
     * Lists Python and the installed packages for the log, in one process that does not load pip. A Python before 3.8
     * has no importlib.metadata, so "pip freeze" lists there.
     */
    private static final String LIST = "{ python -c 'import sys, importlib.metadata as m; print(\"Python\","
            + " sys.version.split()[0]); print(*sorted({\"%s==%s\" % (d.metadata[\"Name\"], d.version)"
            + " for d in m.distributions()}, key=str.lower), sep=\"\\n\")' || pip freeze; }";

    /**
     * There is no --upgrade: the versions that the base has and the requirements allow are good enough, also offline.
     */
    private static final String INSTALL = ". /pym/virtenv/bin/activate"
            + " && pip install --no-cache-dir --no-input --disable-pip-version-check -r " + Requirements.MAIN + " && "
            + LIST;

    /**
     * The parts that only identify the build; they come last and are outside the content tag.
     *
     * @param created ISO 8601
     */
    record Stamp(String version, String commit, String created, String content) {
        static final Stamp NONE = new Stamp("", "", "", "");
    }

    String render(Stamp stamp) {
        List<String> lines = new ArrayList<>();
        lines.add("FROM " + base.reference());
        lines.add("USER 0:0");
        lines.add("WORKDIR /pym");
        lines.add("ENV LC_ALL=C.UTF-8 LANG=C.UTF-8 PYTHONUNBUFFERED=1" + (spec.withAsync() ? " PYM_WITH_ASYNC=1" : ""));
        lines.add("EXPOSE 80");
        lines.add("HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD "
                + "[\"/pym/virtenv/bin/python\", \"-c\", \"" + PING + "\"]");
        lines.add("CMD [\"/usr/local/bin/" + START + "\"]");
        lines.add("COPY " + String.join(" ", PROGRAMS) + " /usr/local/bin/");
        if (requirements.selfContained()) {
            lines.add("COPY " + NEEDED + "/ /pym/");
            lines.add("RUN " + prepared() + " && " + INSTALL);
        } else {
            lines.add("RUN " + prepared());
        }
        lines.add("VOLUME /var/log");
        // A USER in Dockerfile.extra is the project's own choice.
        boolean ownUser = extra.filter(text -> USER.matcher(text).find()).isPresent();
        boolean rootUntilLate = extra.isPresent() || !requirements.selfContained();
        if (!rootUntilLate) {
            lines.add("USER " + spec.user());
        }
        lines.add("COPY --chown=" + spec.user() + " " + APP + "/ /pym/");
        if (!requirements.selfContained()) {
            lines.add("RUN " + INSTALL);
        }
        extra.ifPresent(text -> lines.add(text.stripTrailing()));
        if (spec.withAsync()) {
            lines.add("RUN " + ASYNC_NEEDS);
        }
        if (apis) {
            // This comes after all instructions that may bring the library, and runs as the user that owns the
            // service's files, or as root.
            if (ownUser) {
                lines.add("USER 0:0");
            }
            lines.add("RUN /pym/virtenv/bin/python /usr/local/bin/" + GENERATE);
            if (ownUser) {
                lines.add("USER " + lastUser(extra.get()));
            }
        }
        if (rootUntilLate && !ownUser) {
            lines.add("USER " + spec.user());
        }
        if (!versionInSource()) {
            lines.add("COPY " + VERSION + " /pym/" + VERSION);
        }
        lines.add("LABEL "
                + labels(stamp).entrySet().stream()
                        .map(label -> label.getKey() + "=" + quoted(label.getValue()))
                        .collect(Collectors.joining(" \\\n  ")));
        return String.join("\n", lines) + "\n";
    }

    /**
     * Returns whether the layer of the source has the file of the version too, which saves a layer. It would repeat the
     * instructions that come after it for each version.
     */
    private boolean versionInSource() {
        return requirements.selfContained() && extra.isEmpty() && !apis && !spec.withAsync();
    }

    /** Returns the path of the file of the version in the build context. */
    String version() {
        return versionInSource() ? APP + "/" + VERSION : VERSION;
    }

    private static String lastUser(String extra) {
        return USER.matcher(extra)
                .results()
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .group(1);
    }

    /**
     * Returns the instructions that check the contents of the base, and give the service's user the files that the
     * service writes: its own directory, where it generates models, and its logs. Until here everything ran as root.
     * Some libraries need a name for every user.
     */
    private String prepared() {
        // The mark of an error is assembled only when it is one, so that it is not in an instruction that docker
        // repeats.
        String user = spec.user();
        String uid = user.replaceFirst(":.*", "");
        String check = "{ test -x /pym/virtenv/bin/python && test -x /pym/virtenv/bin/gunicorn"
                + " || { printf 'ERROR%s the base image " + base.name()
                + " has no gunicorn in /pym/virtenv\\n' : >&2; exit 1; }; }";
        return uid.equals("0")
                ? check
                : check + " && chown " + user + " /pym /var/log && { grep -q '^[^:]*:[^:]*:" + uid
                        + ":' /etc/passwd || echo 'pym:x:" + user + ":pymacaron:/pym:/bin/sh' >> /etc/passwd; }";
    }

    /** Returns all inputs that identify the image: the same source at another URL makes the same image. */
    Dockerfile withoutUrl() {
        return new Dockerfile(spec, base, requirements, apis, extra, Optional.empty());
    }

    /** Returns the labels: the keys of the OCI image specification's annotations, and ours. */
    Map<String, String> labels(Stamp stamp) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("org.opencontainers.image.title", spec.name());
        url.ifPresent(source -> labels.put("org.opencontainers.image.source", source));
        labels.put("org.opencontainers.image.base.name", base.name());
        labels.put("org.opencontainers.image.base.digest", base.digest());
        labels.put("org.opencontainers.image.version", stamp.version());
        labels.put("org.opencontainers.image.revision", stamp.commit());
        labels.put("org.opencontainers.image.created", stamp.created());
        labels.put(ImageLabels.NAME, spec.name());
        labels.put(ImageLabels.VERSION, stamp.version());
        labels.put(ImageLabels.COMMIT, stamp.commit());
        labels.put(ImageLabels.CONTENT, stamp.content());
        return labels;
    }

    /** Returns the value in quotes, where a Dockerfile still looks for variables and for the escape character. */
    private static String quoted(String value) {
        String plain = value.replaceAll("\\p{Cntrl}", " ");
        return '"' + plain.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + '"';
    }

    byte[] bytes(Stamp stamp) {
        return render(stamp).getBytes(StandardCharsets.UTF_8);
    }
}

package io.jenkins.plugins.pymacaron.target.cloudrun;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.RevisionTemplate;
import com.google.cloud.run.v2.Service;
import com.google.longrunning.Operation;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.target.Expectation;
import io.jenkins.plugins.pymacaron.target.TargetException;
import io.jenkins.plugins.pymacaron.target.cloud.Calls;
import io.jenkins.plugins.pymacaron.target.cloud.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies {@link Effects}. Every change is made of what was just read, with its etag, so that nobody else's is lost: the
 * service refuses it then, and it is tried again.
 */
final class RunEffector implements Effector {
    private final Names names;
    private final Connection connection;
    private final Calls calls;
    private final Map<String, String> variables;
    private final AnnotationLeases leases;
    private final String file;

    /**
     * @param file of the configuration
     * @param variables the environment of what is created, secrets included
     */
    RunEffector(
            Names names,
            Connection connection,
            Calls calls,
            String file,
            Map<String, String> variables,
            AnnotationLeases leases) {
        this.file = file;
        this.names = names;
        this.connection = connection;
        this.calls = calls;
        this.variables = Map.copyOf(variables);
        this.leases = leases;
    }

    @Override
    public Lookup find(Effect effect) throws InterruptedException {
        return calls.look(() -> found(effect) ? Lookup.present(Map.of()) : Lookup.ABSENT);
    }

    private boolean found(Effect effect) throws TargetException, InterruptedException {
        Map<String, String> args = effect.args();
        String revision = args.get(Effects.REVISION);
        Optional<Service> service = service();
        if (service.isEmpty()) {
            return effect.verb().startsWith("delete") || effect.verb().equals(Effects.UNTAG);
        }
        Service s = service.get();
        String mark = Notes.mark(s.getAnnotationsMap());
        if (Expectation.isOver(effect, Traffic.wanted(s).text(), mark)) {
            return true;
        }
        if (marks(effect) && !Expectation.isMarked(effect, mark)) {
            // Another one may have come to the same: then it is told so when this is applied.
            return false;
        }
        return switch (effect.verb()) {
            case Effects.CREATE ->
                Spec.read(args)
                        .notes()
                        .get(Notes.DEPLOYMENT)
                        .equals(s.getAnnotationsMap().get(Notes.MADE_BY));
            case Effects.DEPLOY -> s.getTemplate().getRevision().equals(revision) || exists(revision);
            case Effects.LOCATE, Effects.DELETE_SERVICE -> false;
            case Effects.CLAIM -> true;
            case Effects.SERVES -> inTheWay(s, args).isEmpty();
            case Effects.OPEN -> Accesses.isOpen(connection.api().policy(names));
            case Effects.CLOSE -> !Accesses.isOpen(connection.api().policy(names));
            case Effects.TRAFFIC ->
                Traffic.wanted(s).text().equals(args.get(Effects.SHARES))
                        && s.getAnnotationsMap().getOrDefault(Notes.CANARY, "").equals(args.get(Effects.CANARY));
            case Effects.TAG_IT -> revision.equals(Traffic.tags(s).get(args.get(Effects.TAG)));
            case Effects.UNTAG -> !Traffic.tags(s).containsKey(args.get(Effects.TAG));
            case Effects.DELETE_REVISION -> stays(s, revision) || !exists(revision);
            default -> throw new IllegalArgumentException(effect.verb());
        };
    }

    /** Whether it writes its mark; who may call the service is written elsewhere. */
    private static boolean marks(Effect effect) {
        return !effect.verb().equals(Effects.OPEN) && !effect.verb().equals(Effects.CLOSE);
    }

    @Override
    public Map<String, String> apply(Effect effect) throws EffectException, InterruptedException {
        return calls.change(() -> {
            Map<String, String> args = effect.args();
            Optional<Service> now = Expectation.isOf(effect) ? service() : Optional.empty();
            if (now.isPresent() && !isExpected(effect, now.get())) {
                return Map.of();
            }
            Optional<String> mark = Expectation.mark(effect);
            switch (effect.verb()) {
                case Effects.CREATE -> {
                    return begun(create(args, mark));
                }
                case Effects.DEPLOY -> {
                    return begun(deploy(args, now, mark));
                }
                case Effects.CLAIM -> {
                    return begun(claim(now, mark));
                }
                case Effects.LOCATE -> {
                    return located(args);
                }
                case Effects.SERVES -> {
                    Optional<String> inTheWay = inTheWay(connection.api().service(names), args);
                    if (inTheWay.isPresent()) {
                        throw EffectException.retry(inTheWay.get());
                    }
                }
                case Effects.OPEN ->
                    connection
                            .api()
                            .setPolicy(names, Accesses.opened(connection.api().policy(names)));
                case Effects.CLOSE ->
                    connection
                            .api()
                            .setPolicy(names, Accesses.closed(connection.api().policy(names)));
                case Effects.TRAFFIC -> {
                    return begun(traffic(args, now, mark));
                }
                case Effects.TAG_IT -> tag(args.get(Effects.TAG), Optional.of(args.get(Effects.REVISION)));
                case Effects.UNTAG -> tag(args.get(Effects.TAG), Optional.empty());
                case Effects.DELETE_REVISION -> deleteRevision(args.get(Effects.REVISION));
                case Effects.DELETE_SERVICE -> deleteService(args.get("madeBy"), now);
                default -> throw new IllegalArgumentException(effect.verb());
            }
            return Map.of();
        });
    }

    private static Map<String, String> begun(Operation operation) {
        return Map.of(Effects.OPERATION, operation.getName());
    }

    private Operation create(Map<String, String> args, Optional<String> mark)
            throws TargetException, InterruptedException, EffectException {
        Spec spec = Spec.read(args);
        String revision = args.get(Effects.REVISION);
        Map<String, String> notes = new HashMap<>();
        notes.put(Notes.ENVIRONMENT, spec.notes().get(Notes.ENVIRONMENT));
        notes.put(Notes.MADE_BY, spec.notes().get(Notes.DEPLOYMENT));
        notes.put(Notes.HISTORY, revision);
        marked(notes, mark);
        leases.pending().ifPresent(lease -> notes.put(Notes.LEASE, lease.text()));
        Service.Builder service = Service.newBuilder()
                .setTemplate(Template.of(RevisionTemplate.getDefaultInstance(), revision, spec, variables))
                .addAllTraffic(Traffic.all(revision).targets(Map.of()))
                .putAllAnnotations(notes);
        spec.settings().apply(service);
        try {
            return connection.api().create(names, service.build());
        } catch (RuntimeException e) {
            if (Failures.isTaken(e)) {
                // Compared next time: it may be another deployment's.
                throw EffectException.retry("service " + names.service()
                        + (service().isEmpty() ? " is still being deleted" : " was made meanwhile"));
            }
            throw e;
        }
    }

    /** Who has changed it, by which file. */
    private void marked(Map<String, String> notes, Optional<String> mark) {
        notes.put(Notes.FILE, file);
        mark.ifPresent(text -> notes.put(Notes.LIVE_MARK, text));
    }

    private Operation claim(Optional<Service> read, Optional<String> mark) throws TargetException {
        Service now = read.isPresent() ? read.get() : connection.api().service(names);
        Map<String, String> notes = new HashMap<>(now.getAnnotationsMap());
        marked(notes, mark);
        return Updates.make(connection.api(), annotated(now.toBuilder(), notes), List.of("annotations"));
    }

    private boolean isExpected(Effect effect, Service now) throws EffectException {
        return Expectation.holds(
                effect,
                "the traffic of " + names.service(),
                Traffic.wanted(now).text(),
                Notes.mark(now.getAnnotationsMap()));
    }

    /** @param read what was compared with; its etag has the service refuse it where it has changed since */
    private Operation deploy(Map<String, String> args, Optional<Service> read, Optional<String> mark)
            throws TargetException {
        Service now = read.isPresent() ? read.get() : connection.api().service(names);
        Spec spec = Spec.read(args);
        String revision = args.get(Effects.REVISION);
        boolean atOnce = Boolean.parseBoolean(args.get(Effects.AT_ONCE));
        Map<String, String> tags = foreignTags(now);
        Traffic traffic = Traffic.wanted(now);
        Map<String, String> notes = new HashMap<>(now.getAnnotationsMap());
        notes.put(Notes.ENVIRONMENT, spec.notes().get(Notes.ENVIRONMENT));
        marked(notes, mark);
        if (atOnce) {
            traffic = Traffic.all(revision);
            notes.put(Notes.HISTORY, history(now, revision, ""));
            notes.remove(Notes.CANARY);
        } else {
            tags.put(args.get(Effects.TAG), revision);
        }
        Service.Builder next = now.toBuilder()
                .setTemplate(Template.of(now.getTemplate(), revision, spec, variables))
                .clearTraffic()
                .addAllTraffic(traffic.targets(tags));
        List<String> fields = new ArrayList<>(List.of("template", "traffic", "annotations"));
        if (atOnce) {
            fields.addAll(spec.settings().apply(next));
        }
        return connection.api().update(annotated(next, notes), fields);
    }

    private Operation traffic(Map<String, String> args, Optional<Service> read, Optional<String> mark)
            throws TargetException {
        Service now = read.isPresent() ? read.get() : connection.api().service(names);
        Traffic to = Traffic.parse(args.get(Effects.SHARES));
        String canary = args.get(Effects.CANARY);
        Map<String, String> notes = new HashMap<>(now.getAnnotationsMap());
        marked(notes, mark);
        boolean tried = !canary.isEmpty();
        if (tried) {
            notes.put(Notes.CANARY, canary);
        } else {
            notes.remove(Notes.CANARY);
            String main = to.shares().keySet().iterator().next();
            notes.put(Notes.HISTORY, history(now, main, args.getOrDefault(Effects.FORGET, "")));
        }
        Service.Builder next =
                now.toBuilder().clearTraffic().addAllTraffic(to.targets(tried ? Traffic.tags(now) : foreignTags(now)));
        List<String> fields = new ArrayList<>(List.of("traffic", "annotations"));
        fields.addAll(ServiceSettings.read(args).apply(next));
        return Updates.make(connection.api(), annotated(next, notes), fields);
    }

    /**
     * Why the traffic does not go yet where it was sent. "While reconciliation is in progress, observed_generation,
     * latest_ready_revision, traffic_statuses, and uri will have transient values that might mismatch the intended state"
     * (the discovery document of run.googleapis.com v2, {@code GoogleCloudRunV2Service.reconciling}).
     */
    private static Optional<String> inTheWay(Service now, Map<String, String> args) {
        if (now.getReconciling()) {
            return Optional.of("the service is still changing");
        }
        Traffic served = Traffic.served(now);
        return served.text().equals(args.get(Effects.SHARES))
                ? Optional.empty()
                : Optional.of("the traffic goes to " + served.sentence());
    }

    private static String history(Service now, String served, String forget) {
        return Notes.history(
                now.getAnnotationsMap(), served, Standings.serving(now).orElse(""), forget);
    }

    private static Service annotated(Service.Builder service, Map<String, String> notes) {
        return service.clearAnnotations().putAllAnnotations(notes).build();
    }

    /** Tags that somebody else has made stay as they are. */
    private static Map<String, String> foreignTags(Service service) {
        Map<String, String> tags = Traffic.tags(service);
        tags.keySet().removeIf(Names::isOurTag);
        return tags;
    }

    private void tag(String tag, Optional<String> revision) throws TargetException {
        Service now = connection.api().service(names);
        Map<String, String> tags = Traffic.tags(now);
        tags.remove(tag);
        revision.ifPresent(name -> tags.put(tag, name));
        Updates.make(
                connection.api(),
                now.toBuilder()
                        .clearTraffic()
                        .addAllTraffic(Traffic.wanted(now).targets(tags))
                        .build(),
                List.of("traffic"));
    }

    private Map<String, String> located(Map<String, String> args) throws TargetException, EffectException {
        Service now = connection.api().service(names);
        String tag = args.get(Effects.TAG);
        return RunReader.url(now, tag)
                .map(url -> Map.of(Effects.URL, url))
                .orElseThrow(() -> EffectException.retry("the service does not say yet where "
                        + (tag.isEmpty() ? names.service() : "tag " + tag) + " answers"));
    }

    /**
     * The latest revision of a service stays: without traffic and tag it costs nothing, and the next one outdates it. So does
     * one that serves until now ("cannot be directly deleted because it is actively serving", hashicorp/waypoint#814); the
     * next deployment deletes it.
     */
    private void deleteRevision(String revision) throws TargetException, InterruptedException {
        Optional<Service> service = service();
        if (service.isEmpty() || stays(service.get(), revision)) {
            return;
        }
        try {
            connection.api().delete(names, revision);
        } catch (RuntimeException e) {
            if (!Failures.isTooEarly(e)) {
                gone(e);
            }
        }
    }

    /** @param read what was compared with */
    private void deleteService(String madeBy, Optional<Service> read)
            throws TargetException, InterruptedException, EffectException {
        Optional<Service> service = read.isPresent() ? read : service();
        if (service.isEmpty()) {
            return;
        }
        if (!madeBy.equals(service.get().getAnnotationsMap().get(Notes.MADE_BY))) {
            throw EffectException.rejected(
                    "service " + names.service() + " was not made by " + madeBy + ", so it is left alone");
        }
        try {
            connection.api().delete(names, service.get());
        } catch (RuntimeException e) {
            gone(e);
        }
    }

    private void gone(RuntimeException e) throws InterruptedException {
        if (calls.failure(e).kind() != Failure.Kind.MISSING) {
            throw e;
        }
    }

    /** What gets traffic is another deployment's by now, which has come to the same revision. */
    private static boolean stays(Service service, String revision) {
        return isLatest(service, revision) || Traffic.wanted(service).has(revision);
    }

    private static boolean isLatest(Service service, String revision) {
        return service.getLatestCreatedRevision().endsWith("/" + revision)
                || service.getTemplate().getRevision().equals(revision);
    }

    private Optional<Service> service() throws TargetException, InterruptedException {
        try {
            return Optional.of(connection.api().service(names)).filter(RunReader::isThere);
        } catch (RuntimeException e) {
            gone(e);
            return Optional.empty();
        }
    }

    private boolean exists(String revision) throws TargetException, InterruptedException {
        try {
            Revision found = connection.api().revision(names, revision);
            return !found.hasDeleteTime();
        } catch (RuntimeException e) {
            gone(e);
            return false;
        }
    }
}

package io.jenkins.plugins.pymacaron.targets.cloudrun;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.RevisionTemplate;
import com.google.cloud.run.v2.Service;
import com.google.longrunning.Operation;
import io.jenkins.plugins.pymacaron.operation.Effect;
import io.jenkins.plugins.pymacaron.operation.EffectException;
import io.jenkins.plugins.pymacaron.operation.Effector;
import io.jenkins.plugins.pymacaron.operation.Lookup;
import io.jenkins.plugins.pymacaron.targets.Expectation;
import io.jenkins.plugins.pymacaron.targets.TargetException;
import io.jenkins.plugins.pymacaron.targets.cloud.Calls;
import io.jenkins.plugins.pymacaron.targets.cloud.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies {@link CloudRunEffects}. Every change is based on what was just read, with its etag, so that no other change
 * is lost: the service then refuses the change, and it is tried again. An undo of what
 * serves is found only when it was written: that gives the service, or its policy, another etag, so a request that is
 * carried out late is refused too. The creation of a service has no etag.
 */
final class CloudRunEffector implements Effector {
    private final CloudRunNames names;
    private final CloudRunClient connection;
    private final Calls calls;
    private final Map<String, String> variables;
    private final CloudRunLeaseStore leases;
    private final String file;

    /**
     * Makes the effector.
     *
     * @param file the name of the configuration file
     * @param variables the environment of new revisions, secrets included
     */
    CloudRunEffector(
            CloudRunNames names,
            CloudRunClient connection,
            Calls calls,
            String file,
            Map<String, String> variables,
            CloudRunLeaseStore leases) {
        this.file = file;
        this.names = names;
        this.connection = connection;
        this.calls = calls;
        this.variables = Map.copyOf(variables);
        this.leases = leases;
    }

    @Override
    public Lookup find(Effect effect) throws InterruptedException {
        return calls.look(() -> found(effect));
    }

    private Lookup found(Effect effect) throws TargetException, InterruptedException {
        Optional<Service> service = service();
        if (service.isEmpty()) {
            return reached(effect.verb().startsWith("delete") || effect.verb().equals(CloudRunEffects.UNTAG));
        }
        Service s = service.get();
        String mark = mark(effect, s);
        if (Expectation.isOver(effect, TrafficSplit.wanted(s).text(), mark)) {
            return reached(true);
        }
        boolean written = marks(effect)
                ? Expectation.isFenced(effect, mark)
                // A policy has no place for a note, so the policy of an undo is written until that is acknowledged.
                : !effect.args().containsKey(CloudRunEffects.WRITTEN);
        if (written) {
            return reached(isReached(effect, s));
        }
        // Another operation may have come to the same state: applying this effect says so.
        return effect.fencedUntil().isPresent() && isReached(effect, s) ? Lookup.UNFENCED : Lookup.ABSENT;
    }

    private static Lookup reached(boolean there) {
        return there ? Lookup.present(Map.of()) : Lookup.ABSENT;
    }

    private boolean isReached(Effect effect, Service s) throws TargetException, InterruptedException {
        Map<String, String> args = effect.args();
        String revision = args.get(CloudRunEffects.REVISION);
        return switch (effect.verb()) {
            case CloudRunEffects.CREATE ->
                RevisionSpec.read(args)
                        .notes()
                        .get(CloudRunMetadata.DEPLOYMENT)
                        .equals(s.getAnnotationsMap().get(CloudRunMetadata.MADE_BY));
            case CloudRunEffects.DEPLOY -> s.getTemplate().getRevision().equals(revision) || exists(revision);
            case CloudRunEffects.LOCATE, CloudRunEffects.DELETE_SERVICE -> false;
            case CloudRunEffects.CLAIM -> true;
            case CloudRunEffects.SERVES -> inTheWay(s, args).isEmpty();
            case CloudRunEffects.OPEN -> InvokerPolicies.isOpen(connection.api().policy(names));
            case CloudRunEffects.CLOSE ->
                !InvokerPolicies.isOpen(connection.api().policy(names));
            case CloudRunEffects.TRAFFIC ->
                TrafficSplit.wanted(s).text().equals(args.get(CloudRunEffects.SHARES))
                        && s.getAnnotationsMap()
                                .getOrDefault(CloudRunMetadata.CANARY, "")
                                .equals(args.get(CloudRunEffects.CANARY));
            case CloudRunEffects.TAG_IT -> revision.equals(TrafficSplit.tags(s).get(args.get(CloudRunEffects.TAG)));
            case CloudRunEffects.UNTAG -> !TrafficSplit.tags(s).containsKey(args.get(CloudRunEffects.TAG));
            case CloudRunEffects.DELETE_REVISION -> stays(s, args) || !exists(revision);
            default -> throw new IllegalArgumentException(effect.verb());
        };
    }

    /** Returns whether it writes its mark; the access policy is written elsewhere, and a tag goes with its mark. */
    static boolean marks(Effect effect) {
        return !List.of(CloudRunEffects.OPEN, CloudRunEffects.CLOSE, CloudRunEffects.UNTAG)
                .contains(effect.verb());
    }

    /** Returns whether it changes a candidate that gets no traffic, which has a mark of its own. */
    static boolean isCandidate(Effect effect) {
        return switch (effect.verb()) {
            case CloudRunEffects.TAG_IT, CloudRunEffects.UNTAG -> true;
            case CloudRunEffects.DEPLOY -> !Boolean.parseBoolean(effect.args().get(CloudRunEffects.AT_ONCE));
            default -> false;
        };
    }

    private static String mark(Effect effect, Service now) {
        return isCandidate(effect)
                ? CloudRunMetadata.candidate(
                        now.getAnnotationsMap(), effect.args().get(CloudRunEffects.TAG))
                : CloudRunMetadata.mark(now.getAnnotationsMap());
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
                case CloudRunEffects.CREATE -> {
                    return begun(create(args, mark));
                }
                case CloudRunEffects.DEPLOY -> {
                    return begun(deploy(args, now, mark));
                }
                case CloudRunEffects.CLAIM -> {
                    return begun(claim(now, mark));
                }
                case CloudRunEffects.LOCATE -> {
                    return located(args);
                }
                case CloudRunEffects.SERVES -> {
                    Optional<String> inTheWay = inTheWay(connection.api().service(names), args);
                    if (inTheWay.isPresent()) {
                        throw EffectException.retry(inTheWay.get());
                    }
                }
                case CloudRunEffects.OPEN ->
                    connection
                            .api()
                            .setPolicy(
                                    names,
                                    InvokerPolicies.opened(connection.api().policy(names)));
                case CloudRunEffects.CLOSE ->
                    connection
                            .api()
                            .setPolicy(
                                    names,
                                    InvokerPolicies.closed(connection.api().policy(names)));
                case CloudRunEffects.TRAFFIC -> {
                    return begun(traffic(args, now, mark));
                }
                case CloudRunEffects.TAG_IT ->
                    tag(args.get(CloudRunEffects.TAG), Optional.of(args.get(CloudRunEffects.REVISION)), now, mark);
                case CloudRunEffects.UNTAG ->
                    tag(args.get(CloudRunEffects.TAG), Optional.empty(), now, Optional.empty());
                case CloudRunEffects.DELETE_REVISION -> deleteRevision(args);
                case CloudRunEffects.DELETE_SERVICE -> deleteService(args.get("madeBy"), now);
                default -> throw new IllegalArgumentException(effect.verb());
            }
            return Map.of();
        });
    }

    private static Map<String, String> begun(Operation operation) {
        return Map.of(CloudRunEffects.OPERATION, operation.getName());
    }

    private Operation create(Map<String, String> args, Optional<String> mark)
            throws TargetException, InterruptedException, EffectException {
        RevisionSpec spec = RevisionSpec.read(args);
        String revision = args.get(CloudRunEffects.REVISION);
        Map<String, String> notes = new HashMap<>();
        notes.put(CloudRunMetadata.ENVIRONMENT, spec.notes().get(CloudRunMetadata.ENVIRONMENT));
        notes.put(CloudRunMetadata.MADE_BY, spec.notes().get(CloudRunMetadata.DEPLOYMENT));
        notes.put(CloudRunMetadata.HISTORY, revision);
        marked(notes, mark);
        leases.pending().ifPresent(lease -> notes.put(CloudRunMetadata.LEASE, lease.text()));
        Service.Builder service = Service.newBuilder()
                .setTemplate(
                        RevisionTemplateBuilder.of(RevisionTemplate.getDefaultInstance(), revision, spec, variables))
                .addAllTraffic(TrafficSplit.all(revision).targets(Map.of()))
                .putAllAnnotations(notes);
        spec.settings().apply(service);
        try {
            return connection.api().create(names, service.build());
        } catch (RuntimeException e) {
            if (CloudRunFailureMapper.isTaken(e)) {
                // The next attempt compares: the service may be another deployment's.
                throw EffectException.retry("service " + names.service()
                        + (service().isEmpty() ? " is still being deleted" : " was made meanwhile"));
            }
            throw e;
        }
    }

    /** Notes the operation and the file that have changed it. */
    private void marked(Map<String, String> notes, Optional<String> mark) {
        notes.put(CloudRunMetadata.FILE, file);
        mark.ifPresent(text -> notes.put(CloudRunMetadata.LIVE_MARK, text));
    }

    private Operation claim(Optional<Service> read, Optional<String> mark) throws TargetException {
        Service now = read.isPresent() ? read.get() : connection.api().service(names);
        Map<String, String> notes = new HashMap<>(now.getAnnotationsMap());
        marked(notes, mark);
        return ServiceUpdater.make(connection.api(), annotated(now.toBuilder(), notes), List.of("annotations"));
    }

    private boolean isExpected(Effect effect, Service now) throws EffectException {
        return Expectation.holds(
                effect,
                isCandidate(effect) ? "the candidate of " + names.service() : "the traffic of " + names.service(),
                TrafficSplit.wanted(now).text(),
                mark(effect, now));
    }

    /**
     * Deploys a revision.
     *
     * @param read the service that was compared; its etag makes the service refuse the change where it has changed
     *     since
     */
    private Operation deploy(Map<String, String> args, Optional<Service> read, Optional<String> mark)
            throws TargetException {
        Service now = read.isPresent() ? read.get() : connection.api().service(names);
        RevisionSpec spec = RevisionSpec.read(args);
        String revision = args.get(CloudRunEffects.REVISION);
        boolean atOnce = Boolean.parseBoolean(args.get(CloudRunEffects.AT_ONCE));
        Map<String, String> tags = foreignTags(now);
        TrafficSplit traffic = TrafficSplit.wanted(now);
        Map<String, String> notes = new HashMap<>(now.getAnnotationsMap());
        notes.put(CloudRunMetadata.ENVIRONMENT, spec.notes().get(CloudRunMetadata.ENVIRONMENT));
        CloudRunMetadata.withoutCandidates(notes);
        if (atOnce) {
            marked(notes, mark);
            traffic = TrafficSplit.all(revision);
            notes.put(CloudRunMetadata.HISTORY, history(now, revision, ""));
            notes.remove(CloudRunMetadata.CANARY);
        } else {
            marked(notes, Optional.empty());
            tags.put(args.get(CloudRunEffects.TAG), revision);
            CloudRunMetadata.mark(notes, args.get(CloudRunEffects.TAG), mark.orElse(""));
        }
        Service.Builder next = now.toBuilder()
                .setTemplate(RevisionTemplateBuilder.of(now.getTemplate(), revision, spec, variables))
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
        TrafficSplit to = TrafficSplit.parse(args.get(CloudRunEffects.SHARES));
        String canary = args.get(CloudRunEffects.CANARY);
        Map<String, String> notes = new HashMap<>(now.getAnnotationsMap());
        marked(notes, mark);
        boolean tried = !canary.isEmpty();
        if (tried) {
            notes.put(CloudRunMetadata.CANARY, canary);
        } else {
            notes.remove(CloudRunMetadata.CANARY);
            CloudRunMetadata.withoutCandidates(notes);
            String main = to.shares().keySet().iterator().next();
            notes.put(CloudRunMetadata.HISTORY, history(now, main, args.getOrDefault(CloudRunEffects.FORGET, "")));
        }
        Service.Builder next = now.toBuilder()
                .clearTraffic()
                .addAllTraffic(to.targets(tried ? TrafficSplit.tags(now) : foreignTags(now)));
        List<String> fields = new ArrayList<>(List.of("traffic", "annotations"));
        fields.addAll(ServiceSettings.read(args).apply(next));
        return ServiceUpdater.make(connection.api(), annotated(next, notes), fields);
    }

    /**
     * Returns the reason why the traffic has not moved yet to where it was sent. "While reconciliation is in progress,
     * observed_generation, latest_ready_revision, traffic_statuses, and uri will have transient values that might
     * mismatch the intended state" (the discovery document of run.googleapis.com v2,
     * {@code GoogleCloudRunV2Service.reconciling}).
     */
    private static Optional<String> inTheWay(Service now, Map<String, String> args) {
        if (now.getReconciling()) {
            return Optional.of("the service is still changing");
        }
        TrafficSplit served = TrafficSplit.served(now);
        return served.text().equals(args.get(CloudRunEffects.SHARES))
                ? Optional.empty()
                : Optional.of("the traffic goes to " + served.sentence());
    }

    private static String history(Service now, String served, String forget) {
        return CloudRunMetadata.history(
                now.getAnnotationsMap(), served, DeploymentReader.serving(now).orElse(""), forget);
    }

    private static Service annotated(Service.Builder service, Map<String, String> notes) {
        return service.clearAnnotations().putAllAnnotations(notes).build();
    }

    /** Returns the tags that were made elsewhere; they stay as they are. */
    private static Map<String, String> foreignTags(Service service) {
        Map<String, String> tags = TrafficSplit.tags(service);
        tags.keySet().removeIf(CloudRunNames::isOurTag);
        return tags;
    }

    /**
     * Sets or removes a tag. A tag that is removed leaves its mark, since Cloud Run may make a revision for any change
     * but one of the traffic ({@link ServiceUpdater}); the next deployment removes the mark.
     *
     * @param read the service that was compared; its etag protects the change
     */
    private void tag(String tag, Optional<String> revision, Optional<Service> read, Optional<String> mark)
            throws TargetException {
        Service now = read.isPresent() ? read.get() : connection.api().service(names);
        Map<String, String> tags = TrafficSplit.tags(now);
        tags.remove(tag);
        revision.ifPresent(name -> tags.put(tag, name));
        Service.Builder next = now.toBuilder()
                .clearTraffic()
                .addAllTraffic(TrafficSplit.wanted(now).targets(tags));
        List<String> fields = new ArrayList<>(List.of("traffic"));
        if (mark.isPresent()) {
            Map<String, String> notes = new HashMap<>(now.getAnnotationsMap());
            CloudRunMetadata.mark(notes, tag, mark.get());
            next.clearAnnotations().putAllAnnotations(notes);
            fields.add("annotations");
        }
        ServiceUpdater.make(connection.api(), next.build(), fields);
    }

    private Map<String, String> located(Map<String, String> args) throws TargetException, EffectException {
        Service now = connection.api().service(names);
        String tag = args.get(CloudRunEffects.TAG);
        return CloudRunStateReader.url(now, tag)
                .map(url -> Map.of(CloudRunEffects.URL, url))
                .orElseThrow(() -> EffectException.retry("the service does not say yet where "
                        + (tag.isEmpty() ? names.service() : "tag " + tag) + " answers"));
    }

    /**
     * Deletes a revision. The latest revision of a service stays: without traffic and tag it costs nothing, and the
     * next revision replaces it as the latest. A revision that has served until now stays too ("cannot be directly
     * deleted because it is actively serving", hashicorp/waypoint#814); the next deployment deletes it.
     */
    private void deleteRevision(Map<String, String> args) throws TargetException, InterruptedException {
        String revision = args.get(CloudRunEffects.REVISION);
        Optional<Service> service = service();
        if (service.isEmpty() || stays(service.get(), args)) {
            return;
        }
        try {
            connection.api().delete(names, revision);
        } catch (RuntimeException e) {
            if (!CloudRunFailureMapper.isTooEarly(e)) {
                gone(e);
            }
        }
    }

    /** Deletes the service. @param read the service that was compared */
    private void deleteService(String madeBy, Optional<Service> read)
            throws TargetException, InterruptedException, EffectException {
        Optional<Service> service = read.isPresent() ? read : service();
        if (service.isEmpty()) {
            return;
        }
        if (!madeBy.equals(service.get().getAnnotationsMap().get(CloudRunMetadata.MADE_BY))) {
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

    /**
     * Returns whether the revision stays because another deployment has come to the same revision and uses it by now:
     * it gets traffic, has a tag, or, if it is deleted as a candidate, has served and is kept for a rollback.
     */
    private static boolean stays(Service service, Map<String, String> args) {
        String revision = args.get(CloudRunEffects.REVISION);
        boolean used = args.containsKey(CloudRunEffects.UNUSED)
                && CloudRunMetadata.history(service.getAnnotationsMap()).contains(revision);
        return used
                || TrafficSplit.tags(service).containsValue(revision)
                || isLatest(service, revision)
                || TrafficSplit.wanted(service).has(revision);
    }

    private static boolean isLatest(Service service, String revision) {
        return service.getLatestCreatedRevision().endsWith("/" + revision)
                || service.getTemplate().getRevision().equals(revision);
    }

    private Optional<Service> service() throws TargetException, InterruptedException {
        try {
            return Optional.of(connection.api().service(names)).filter(CloudRunStateReader::isThere);
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

package io.jenkins.plugins.pymacaron.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds two slots at one address, one of which would replace the other. */
final class SlotAddresses {
    private final Problems problems;

    SlotAddresses(Problems problems) {
        this.problems = problems;
    }

    /** A slot whose address is known. */
    private record Spot(String who, Slot slot, PymConfig config, LiveUrl url) {
        boolean onEngine() {
            return config.target() == DeployTarget.DOCKER;
        }

        /** Returns the key that sets its address. */
        Key<?> key(boolean listening) {
            if (listening && config.dockerAddress(slot).isPresent()) {
                return PipelineKeys.DOCKER_ADDRESS;
            }
            boolean host = config.at(ServiceKeys.LIVE_URL).equals(FilePosition.NONE);
            return host ? ServiceKeys.LIVE_HOST : ServiceKeys.LIVE_URL;
        }

        LiveUrl listens() {
            return config.dockerAddress(slot).orElse(url);
        }
    }

    void check(PymConfig staging, List<PymConfig> live) {
        List<Spot> spots = new ArrayList<>();
        add(spots, "staging", Slot.STAGING, staging, staging.ownUrl());
        for (int i = 0; i < live.size(); i++) {
            String who = live.size() == 1 ? "live" : "live " + (i + 1);
            add(spots, who, Slot.LIVE, live.get(i), live.get(i).findLiveUrl());
        }
        for (int i = 0; i < spots.size(); i++) {
            for (Spot other : spots.subList(i + 1, spots.size())) {
                check(spots.get(i), other);
            }
        }
    }

    private static void add(List<Spot> spots, String who, Slot slot, PymConfig config, Optional<LiveUrl> url) {
        if (!config.settings().hasUnusable(ServiceKeys.DEPLOY_TARGET)) {
            url.or(() -> config.dockerAddress(slot)).ifPresent(u -> spots.add(new Spot(who, slot, config, u)));
        }
    }

    /** Checks two slots; in clouds, regions of live may share a name that leads to the nearest one. */
    private void check(Spot one, Spot other) {
        boolean engine = one.onEngine() && other.onEngine();
        String both = one.who() + " and " + other.who();
        if (engine && one.listens().port() == other.listens().port()) {
            twice(
                    one,
                    other,
                    true,
                    both + " both listen on port " + one.listens().port() + " of one Docker Engine");
        } else if ((engine || one.slot() != other.slot()) && one.url().isSameAddress(other.url())) {
            twice(one, other, false, both + " have one address, " + other.url());
        }
    }

    private void twice(Spot one, Spot other, boolean listening, String message) {
        Spot told = one.slot() == Slot.STAGING ? one : other;
        String keys = Stream.of(one, other)
                .map(spot -> spot.key(listening).name())
                .distinct()
                .collect(Collectors.joining(" or "));
        problems.error(told.config().at(told.key(listening)), message, "Give one of them another " + keys + ".");
    }
}

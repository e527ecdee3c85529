package io.jenkins.plugins.pymacaron.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds two slots at one address, of which one would take the other's place. */
final class Addresses {
    private final Problems problems;

    Addresses(Problems problems) {
        this.problems = problems;
    }

    /** A slot of which it is known where it is. */
    private record Spot(String who, Slot slot, PymConfig config, LiveUrl url) {
        boolean onEngine() {
            return config.target() == DeployTarget.DOCKER;
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

    /** In clouds, regions of live may share a name that leads to the nearest one. */
    private void check(Spot one, Spot other) {
        boolean engine = one.onEngine() && other.onEngine();
        String both = one.who() + " and " + other.who();
        if (engine && one.listens().port() == other.listens().port()) {
            twice(one, other, both + " both listen on port " + one.listens().port() + " of one Docker Engine");
        } else if ((engine || one.slot() != other.slot()) && one.url().isSameAddress(other.url())) {
            twice(one, other, both + " have one address, " + other.url());
        }
    }

    private void twice(Spot one, Spot other, String message) {
        Position at = one.slot() == Slot.STAGING ? at(one) : at(other);
        problems.error(at, message, "Give one of them another live_url.");
    }

    private static Position at(Spot spot) {
        for (Key<?> key : List.of(PipelineKeys.DOCKER_ADDRESS, ServiceKeys.LIVE_URL, ServiceKeys.LIVE_HOST)) {
            if (!spot.config().at(key).equals(Position.NONE)) {
                return spot.config().at(key);
            }
        }
        return Position.NONE;
    }
}

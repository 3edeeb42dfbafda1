package dev.sluice.executor.run;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides permits between organizations that want some: in proportion to their weights, none more than it wants, and what
 * one leaves goes to the others (weighted max-min fairness). When there are fewer permits than organizations, the first
 * ones get one each; so let each look begin after the last one served.
 */
final class FairSplit {

    private FairSplit() {}

    /**
     * What an organization can use.
     *
     * @param weight its part, in proportion to those of others; positive
     * @param most   how many it can use
     */
    record Wish(OrganizationId organization, int weight, int most) {}

    /** Permits by organization, in the order of the wishes; none with 0. */
    static Map<OrganizationId, Integer> of(int permits, List<Wish> wishes) {
        Map<OrganizationId, Integer> given = new LinkedHashMap<>();
        List<Wish> open = new ArrayList<>(wishes);
        open.removeIf(wish -> wish.most() < 1);
        int left = permits;
        while (left > 0 && !open.isEmpty()) {
            left -= round(left, open, given);
            open.removeIf(wish -> given.getOrDefault(wish.organization(), 0) >= wish.most());
        }
        return given;
    }

    /** Each round satisfies somebody, or gives out nearly all: what rounding leaves goes out one by one. */
    private static int round(int permits, List<Wish> open, Map<OrganizationId, Integer> given) {
        long weights = open.stream().mapToLong(Wish::weight).sum();
        int out = 0;
        for (Wish wish : open) {
            int share = (int) Math.max(1, (long) permits * wish.weight() / weights);
            int had = given.getOrDefault(wish.organization(), 0);
            int now = Math.min(Math.min(share, permits - out), wish.most() - had);
            if (now > 0) {
                given.put(wish.organization(), had + now);
                out += now;
            }
        }
        return out;
    }
}

package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FairSplitTest {

    private static final OrganizationId A = new OrganizationId(new UUID(0, 1));
    private static final OrganizationId B = new OrganizationId(new UUID(0, 2));
    private static final OrganizationId C = new OrganizationId(new UUID(0, 3));

    @Test
    void givesInProportionToWeights() {
        assertThat(FairSplit.of(100, List.of(wish(A, 3, 1_000), wish(B, 1, 1_000))))
                .isEqualTo(Map.of(A, 75, B, 25));
    }

    @Test
    void givesToOthersWhatOneDoesNotWant() {
        assertThat(FairSplit.of(100, List.of(wish(A, 1, 1_000), wish(B, 1, 1), wish(C, 1, 10))))
                .isEqualTo(Map.of(A, 89, B, 1, C, 10));
    }

    @Test
    void givesOneEachToTheFirstWhenThereAreTooFew() {
        assertThat(FairSplit.of(2, List.of(wish(B, 1, 5), wish(A, 100, 5), wish(C, 1, 5))))
                .containsOnlyKeys(B, A);
    }

    @Test
    void givesNothingToWhoWantsNothing() {
        assertThat(FairSplit.of(10, List.of(wish(A, 1, 0)))).isEmpty();
        assertThat(FairSplit.of(0, List.of(wish(A, 1, 5)))).isEmpty();
    }

    /** Never more than there is or than one wants, and nothing is left while somebody wants it. */
    @Test
    void leavesNothingThatSomebodyWants() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("FairSplitTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            List<FairSplit.Wish> wishes = IntStream.range(0, random.nextInt(1, 30))
                    .mapToObj(i ->
                            wish(new OrganizationId(new UUID(1, i)), random.nextInt(1, 1_000), random.nextInt(0, 50)))
                    .toList();
            int permits = random.nextInt(300);

            Map<OrganizationId, Integer> given = FairSplit.of(permits, wishes);

            int wanted = wishes.stream().mapToInt(FairSplit.Wish::most).sum();
            assertThat(given.values().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(Math.min(permits, wanted));
            assertThat(wishes)
                    .allSatisfy(wish -> assertThat(given.getOrDefault(wish.organization(), 0))
                            .isBetween(0, wish.most()));
        }
    }

    private static FairSplit.Wish wish(OrganizationId organization, int weight, int most) {
        return new FairSplit.Wish(organization, weight, most);
    }
}

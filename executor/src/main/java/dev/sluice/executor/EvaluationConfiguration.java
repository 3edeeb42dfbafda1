package dev.sluice.executor;

import dev.sluice.executor.engine.EvaluationThreads;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;

/** The threads for what takes long to evaluate, apart from each other: who waits for one kind waits behind no other. */
@Configuration(proxyBeanMethods = false)
class EvaluationConfiguration {

    @Bean(destroyMethod = "dispose")
    EvaluationThreads evaluations(ExecutorProperties properties, Scheduler engineScheduler) {
        ExecutorProperties.Expression bounds = properties.expression();
        return EvaluationThreads.of(bounds.limits(), bounds.threads(), bounds.maxWaiting(), engineScheduler);
    }

    /** Of filters that events come in through: all events of all organizations come in behind them. */
    @Bean(destroyMethod = "dispose")
    EvaluationThreads filterEvaluations(ExecutorProperties properties, Scheduler engineScheduler) {
        return filters(properties.expression(), engineScheduler);
    }

    /** Of filters that runs look back with, and that somebody asks about. */
    @Bean(destroyMethod = "dispose")
    EvaluationThreads lookupEvaluations(ExecutorProperties properties, Scheduler engineScheduler) {
        return filters(properties.expression(), engineScheduler);
    }

    private static EvaluationThreads filters(ExecutorProperties.Expression bounds, Scheduler back) {
        return EvaluationThreads.together(bounds.filterLimits(), 1, bounds.maxWaiting(), back);
    }
}

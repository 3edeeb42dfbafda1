package dev.sluice.loadtest.interpreter;

import io.serverlessworkflow.api.WorkflowFormat;
import io.serverlessworkflow.api.WorkflowReader;
import io.serverlessworkflow.impl.WorkflowApplication;
import io.serverlessworkflow.impl.WorkflowDefinition;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The engine of the specification's Java SDK, which keeps no journal, without the events that it would publish. */
final class ReferenceEngine implements AutoCloseable {

    private static final int SECONDS = 30;

    private final WorkflowApplication application = WorkflowApplication.builder()
            .disableLifeCycleCEPublishing()
            .disableStatusChangePublishing()
            .build();
    private final WorkflowDefinition workflow;

    ReferenceEngine(String document) throws IOException {
        this.workflow =
                application.workflowDefinition(WorkflowReader.readWorkflowFromString(document, WorkflowFormat.YAML));
    }

    /** The output of a run with this {@code n}, as a map. */
    Object run(int n) throws InterruptedException, ExecutionException, TimeoutException {
        return workflow.instance(Map.of("n", n))
                .start()
                .get(SECONDS, TimeUnit.SECONDS)
                .asJavaObject();
    }

    @Override
    public void close() {
        application.close();
    }
}

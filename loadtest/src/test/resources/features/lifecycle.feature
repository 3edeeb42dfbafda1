Feature: Lifecycle events
  What is told of a workflow and its tasks while they run.

  @lifecycle.workflow.started.startedAt @lifecycle.workflow.started.name
  Scenario: The start of a workflow is told
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-start-of-a-workflow-is-told, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    When the workflow is executed
    Then the event workflow.started.v1 should have properties 'name', 'startedAt'

  @lifecycle.workflow.started.definition.version @lifecycle.workflow.started.definition.name @lifecycle.workflow.started.definition.namespace
  Scenario: The start of a workflow tells its definition
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-start-of-a-workflow-tells-its-defini, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    When the workflow is executed
    Then the event workflow.started.v1 should have properties 'definition.namespace', 'definition.name', 'definition.version'

  @lifecycle.workflow.completed.completedAt @lifecycle.workflow.completed.name
  Scenario: The end of a workflow is told
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-end-of-a-workflow-is-told, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    When the workflow is executed
    Then the event workflow.completed.v1 should have properties 'name', 'completedAt'

  @lifecycle.workflow.faulted.error @lifecycle.workflow.faulted.name @lifecycle.workflow.faulted.faultedAt
  Scenario: The fault of a workflow is told with its error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-fault-of-a-workflow-is-told-with-its, version: '1.0.0' }
      do:
        - one:
            raise: { error: { type: 'https://things.example/errors/bad', status: 400 } }
      """
    When the workflow is executed
    Then the event workflow.faulted.v1 should have properties 'name', 'faultedAt', 'error.type', 'error.status'

  @lifecycle.task.started.task @lifecycle.task.started.workflow @lifecycle.task.started.startedAt
  Scenario: The start of a task is told with its place
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-start-of-a-task-is-told-with-its-pla, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    When the workflow is executed
    Then the event task.started.v1 should have properties 'workflow', 'task', 'startedAt'

  @lifecycle.task.completed.completedAt @lifecycle.task.completed.workflow @lifecycle.task.completed.task
  Scenario: The end of a task is told
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-end-of-a-task-is-told, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    When the workflow is executed
    Then the event task.completed.v1 should have properties 'workflow', 'task', 'completedAt'

  @lifecycle.task.faulted.error @lifecycle.task.faulted.workflow @lifecycle.task.faulted.task @lifecycle.task.faulted.faultedAt
  Scenario: The fault of a task is told with its error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-fault-of-a-task-is-told-with-its-err, version: '1.0.0' }
      do:
        - one:
            raise: { error: { type: 'https://things.example/errors/bad', status: 400 } }
      """
    When the workflow is executed
    Then the event task.faulted.v1 should have properties 'workflow', 'task', 'faultedAt', 'error.type'

  @lifecycle.task.retried.retriedAt @lifecycle.task.retried.workflow @lifecycle.task.retried.task
  Scenario: That a task is tried again is told
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: that-a-task-is-tried-again-is-told, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/flaky/told?failures=1' }
            catch:
              retry: { limit: { attempt: { count: 1 } } }
      """
    When the workflow is executed
    Then the event task.retried.v1 should have properties 'workflow', 'task', 'retriedAt'

  @lifecycle.workflow.suspended.suspendedAt @lifecycle.workflow.suspended.name @lifecycle.workflow.resumed.resumedAt @lifecycle.workflow.resumed.name
  Scenario: That a workflow stands still and goes on is told
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: that-a-workflow-stands-still-and-goes-on, version: '1.0.0' }
      do:
        - rest: { wait: { seconds: 10 } }
        - one: { set: { n: 1 } }
      """
    When the workflow is executed, suspended during rest and resumed
    Then the workflow should complete with output:
      """yaml
      n: 1
      """
    And the event workflow.suspended.v1 should have properties 'name', 'suspendedAt'
    And the event workflow.resumed.v1 should have properties 'name', 'resumedAt'

  @lifecycle.workflow.completed.outputUri
  Scenario: The end of a workflow tells where its output is
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-end-of-a-workflow-tells-where-its-ou, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    When the workflow is executed
    Then the event workflow.completed.v1 should have properties 'outputUri'

  @lifecycle.task.created.workflow @lifecycle.task.created.task @lifecycle.task.created.createdAt
  Scenario: That a task is made is told
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: that-a-task-is-made-is-told, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    When the workflow is executed
    Then the event task.created.v1 should have properties 'workflow', 'task', 'createdAt'

  @lifecycle.task.suspended.workflow @lifecycle.task.suspended.task @lifecycle.task.suspended.suspendedAt @lifecycle.task.resumed.workflow @lifecycle.task.resumed.task @lifecycle.task.resumed.resumedAt
  Scenario: That a task stands still and goes on with its workflow is told
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: that-a-task-stands-still-and-goes-on, version: '1.0.0' }
      do:
        - rest: { wait: { seconds: 10 } }
        - one: { set: { n: 1 } }
      """
    When the workflow is executed, suspended during rest and resumed
    Then the workflow should complete
    And the event task.suspended.v1 should have properties 'workflow', 'task', 'suspendedAt'
    And the event task.resumed.v1 should have properties 'workflow', 'task', 'resumedAt'

  @lifecycle.task.cancelled.workflow @lifecycle.task.cancelled.task @lifecycle.task.cancelled.cancelledAt
  Scenario: That a task ends with its workflow is told
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: that-a-task-ends-with-its-workflow, version: '1.0.0' }
      do:
        - rest: { wait: { hours: 1 } }
      """
    When the workflow is executed and cancelled during rest
    Then the workflow should cancel
    And rest should cancel
    And the event task.cancelled.v1 should have properties 'workflow', 'task', 'cancelledAt'

  @lifecycle.task.cancelled.task
  Scenario: That a task loses with its branch is told
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: that-a-task-loses-with-its-branch, version: '1.0.0' }
      do:
        - race:
            fork:
              compete: true
              branches:
                - slow: { wait: { hours: 1 } }
                - quick: { set: { n: 1 } }
      """
    When the workflow is executed
    Then the workflow should complete
    And slow should cancel

  @lifecycle.workflow.correlation-started.name @lifecycle.workflow.correlation-started.startedAt @lifecycle.workflow.correlation-completed.name @lifecycle.workflow.correlation-completed.completedAt @lifecycle.workflow.correlation-completed.correlationKeys
  Scenario: That a workflow correlates events is told, and what that came to
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: that-a-workflow-correlates-events-is-to, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with: { source: 'https://things.example', type: com.example.told, data: { order: o-1, pet: milou } }
        - hear:
            input: { from: .data }
            listen:
              to:
                one:
                  with: { type: com.example.told }
                  correlate: { order: { from: .data.order, expect: '${ .order }' }, pet: { from: .data.pet } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the event workflow.correlation-started.v1 should have properties 'name', 'startedAt'
    And the event workflow.correlation-completed.v1 should have properties 'name', 'completedAt', 'correlationKeys.order', 'correlationKeys.pet'

  @lifecycle.workflow.completed.name @lifecycle.workflow.completed.outputUri
  Scenario: A workflow hears of the end of another
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: another-that-ends, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-hears-of-the-end-of-another, version: '1.0.0' }
      do:
        - both:
            fork:
              compete: true
              branches:
                - hear:
                    listen:
                      to:
                        one:
                          with:
                            type: io.serverlessworkflow.workflow.completed.v1
                            data: '${ .name | startswith("another-that-ends-") }'
                - begin:
                    for: { each: n, in: '${ [range(20)] }' }
                    do:
                      - rest: { wait: { milliseconds: 500 } }
                      - call: { run: { workflow: { namespace: conformance, name: another-that-ends, version: 1.0.0 }, await: false } }
            output: { as: '.[0]' }
      """
    When the workflow is executed
    Then the workflow output should have properties 'name', 'completedAt', 'outputUri'

  @lifecycle.task.completed.workflow @lifecycle.task.completed.task @lifecycle.task.completed.completedAt
  Scenario: A workflow hears of a task of another
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: another-with-a-task, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-hears-of-a-task-of-another, version: '1.0.0' }
      do:
        - both:
            fork:
              compete: true
              branches:
                - hear:
                    listen:
                      to:
                        one:
                          with:
                            type: io.serverlessworkflow.task.completed.v1
                            data: '${ .workflow | startswith("another-with-a-task-") }'
                - begin:
                    for: { each: n, in: '${ [range(20)] }' }
                    do:
                      - rest: { wait: { milliseconds: 500 } }
                      - call: { run: { workflow: { namespace: conformance, name: another-with-a-task, version: 1.0.0 }, await: false } }
            output: { as: '.[0]' }
      """
    When the workflow is executed
    Then the workflow output should have properties 'workflow', 'task', 'completedAt'

  @lifecycle.task.faulted.error @lifecycle.task.faulted.task
  Scenario: A workflow hears of a fault within another by a pattern
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: another-with-a-fault, version: '1.0.0' }
      do:
        - one:
            try: [ bad: { raise: { error: { type: 'https://things.example/errors/bad', status: 400 } } } ]
            catch: {}
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-hears-of-a-fault-within-another, version: '1.0.0' }
      do:
        - both:
            fork:
              compete: true
              branches:
                - hear:
                    listen:
                      to:
                        one:
                          with:
                            type: 'io\.serverlessworkflow\.task\.(cancelled|faulted)\.v1'
                            data: '${ .workflow | startswith("another-with-a-fault-") }'
                - begin:
                    for: { each: n, in: '${ [range(20)] }' }
                    do:
                      - rest: { wait: { milliseconds: 500 } }
                      - call: { run: { workflow: { namespace: conformance, name: another-with-a-fault, version: 1.0.0 }, await: false } }
            output: { as: '.[0]' }
      """
    When the workflow is executed
    Then the workflow output should have properties 'task', 'error.type'

  @lifecycle.task.status-changed.workflow @lifecycle.task.status-changed.task @lifecycle.task.status-changed.updatedAt @lifecycle.task.status-changed.status
  Scenario: A workflow hears that the status of a task changes
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: another-with-a-status, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-hears-that-the-status-of-a-task-changes, version: '1.0.0' }
      do:
        - both:
            fork:
              compete: true
              branches:
                - hear:
                    listen:
                      to:
                        one:
                          with:
                            type: io.serverlessworkflow.task.status-changed.v1
                            data: '${ (.workflow | startswith("another-with-a-status-")) and .status == "completed" }'
                - begin:
                    for: { each: n, in: '${ [range(20)] }' }
                    do:
                      - rest: { wait: { milliseconds: 500 } }
                      - call: { run: { workflow: { namespace: conformance, name: another-with-a-status, version: 1.0.0 }, await: false } }
            output: { as: '.[0]' }
      """
    When the workflow is executed
    Then the workflow output should have properties 'workflow', 'task', 'updatedAt', 'status'

  @lifecycle.workflow.status-changed.name @lifecycle.workflow.status-changed.updatedAt @lifecycle.workflow.status-changed.status
  Scenario: A workflow hears that the status of another changes
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: another-that-changes, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-hears-that-the-status-of-another-changes, version: '1.0.0' }
      do:
        - both:
            fork:
              compete: true
              branches:
                - hear:
                    listen:
                      to:
                        one:
                          with:
                            type: io.serverlessworkflow.workflow.status-changed.v1
                            data: '${ (.name | startswith("another-that-changes-")) and .status == "completed" }'
                - begin:
                    for: { each: n, in: '${ [range(20)] }' }
                    do:
                      - rest: { wait: { milliseconds: 500 } }
                      - call: { run: { workflow: { namespace: conformance, name: another-that-changes, version: 1.0.0 }, await: false } }
            output: { as: '.[0]' }
      """
    When the workflow is executed
    Then the workflow output should have properties 'name', 'updatedAt', 'status'

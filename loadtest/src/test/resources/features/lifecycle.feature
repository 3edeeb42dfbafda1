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
        - rest: { wait: { milliseconds: 300 } }
        - one: { set: { n: 1 } }
      """
    When the workflow is executed, suspended during rest and resumed
    Then the workflow should complete with output:
      """yaml
      n: 1
      """
    And the event workflow.suspended.v1 should have properties 'name', 'suspendedAt'
    And the event workflow.resumed.v1 should have properties 'name', 'resumedAt'

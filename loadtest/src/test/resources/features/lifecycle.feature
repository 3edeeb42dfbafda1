Feature: Lifecycle events
  What is told of a workflow and its tasks while they run.

  @lifecycle.workflow.started.startedAt
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

  @lifecycle.workflow.started.definition.version
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

  @lifecycle.workflow.completed.completedAt
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

  @lifecycle.workflow.faulted.error
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

  @lifecycle.task.started.task
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

  @lifecycle.task.completed.completedAt
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

  @lifecycle.task.faulted.error
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

  @lifecycle.task.retried.retriedAt
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

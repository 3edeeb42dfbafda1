Feature: Timeouts
  Time that is over.

  @task.timeout.after
  Scenario: A task whose time is over faults
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-task-whose-time-is-over-faults, version: '1.0.0' }
      do:
        - hurry:
            wait: { seconds: 30 }
            timeout: { after: { milliseconds: 200 } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      instance: /do/0/hurry
      """

  @workflow.timeout.after
  Scenario: A workflow whose time is over faults
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-whose-time-is-over-faults, version: '1.0.0' }
      timeout: { after: { milliseconds: 200 } }
      do:
        - long:
            wait: { seconds: 30 }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      """

  @workflow.use.timeouts
  Scenario: A time is used by its name
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-time-is-used-by-its-name, version: '1.0.0' }
      use:
        timeouts:
          soon: { after: { milliseconds: 200 } }
      do:
        - hurry:
            wait: { seconds: 30 }
            timeout: soon
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      """

  @error.timeout
  Scenario: A time that is over may be caught
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-time-that-is-over-may-be-caught, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask:
                  call: http
                  with: { method: get, endpoint: 'https://things.example/slow' }
                  timeout: { after: { milliseconds: 300 } }
            catch:
              errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/timeout' } }
              do:
                - note:
                    set: { late: true }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      late: true
      """

Feature: Wait
  Time that passes.

  @task.wait.wait @duration.milliseconds
  Scenario: A while is made of units
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-while-is-made-of-units, version: '1.0.0' }
      do:
        - rest:
            wait: { milliseconds: 300 }
      """
    And given the workflow input is:
      """yaml
      kept: true
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      kept: true
      """
    And the workflow should take at least 300 milliseconds

  @task.wait.wait
  Scenario: A while is written as ISO 8601 has it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-while-is-written-as-iso-8601-has-it, version: '1.0.0' }
      do:
        - rest:
            wait: PT0.3S
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow should take at least 300 milliseconds

  @lifecycle.workflow.cancelled.cancelledAt @lifecycle.workflow.cancelled.name
  Scenario: A workflow that is cancelled goes no further
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-that-is-cancelled-goes-no-fur, version: '1.0.0' }
      do:
        - rest:
            wait: { seconds: 30 }
        - after:
            set: { wrong: true }
      """
    When the workflow is executed and cancelled during rest
    Then the workflow should cancel
    And rest should cancel
    And after should not run
    And the event workflow.cancelled.v1 should have properties 'name', 'cancelledAt'

  @duration.days @duration.hours @duration.minutes @duration.seconds
  Scenario: A while is the sum of its units
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-while-is-the-sum-of-its-units, version: '1.0.0' }
      do:
        - rest:
            wait: { days: 1, hours: 1, minutes: 1, seconds: 1 }
            timeout: { after: { milliseconds: 100 } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      instance: /do/0/rest
      """

  @duration.seconds
  Scenario: A second is one
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-second-is-one, version: '1.0.0' }
      do:
        - rest:
            wait: { seconds: 1 }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow should take at least 1000 milliseconds

Feature: Steps
  Each step that says what should be, where it is not so.

  Background:
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: canary, version: '1.0.0' }
      do:
        - first:
            set: { n: 1, list: [ 1, 2 ], keep: '${ .fail }' }
            metadata: { sluice: { journal: true } }
        - second:
            if: .keep == true
            raise:
              error: { type: 'https://things.example/errors/canary', status: 500 }
      """

  Scenario: A run that completed should fault
    When the workflow is executed
    Then the workflow should fault

  Scenario: A run that completed should cancel
    When the workflow is executed
    Then the workflow should cancel

  Scenario: Another output
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 2
      """

  Scenario: A part of the output
    When the workflow is executed
    Then the workflow output should have a 'n' property with value:
      """yaml
      2
      """

  Scenario: A property that is missing
    When the workflow is executed
    Then the workflow output should have properties 'n', 'm'

  Scenario: A property that is missing deeper down
    When the workflow is executed
    Then the workflow output should have properties 'n.m'

  Scenario: A list of another length
    When the workflow is executed
    Then the workflow output should have a 'list' property containing 3 items

  Scenario: No list
    When the workflow is executed
    Then the workflow output should have a 'n' property containing 1 items

  Scenario: Another task first
    When the workflow is executed
    Then second should run first

  Scenario: Another task last
    When the workflow is executed
    Then second should run last

  Scenario: Before itself
    When the workflow is executed
    Then first should run before first

  Scenario: After one that did not run
    When the workflow is executed
    Then first should run after second

  Scenario: More often
    When the workflow is executed
    Then first should run 2 times

  Scenario: Not at all
    When the workflow is executed
    Then first should not run

  Scenario: Longer
    When the workflow is executed
    Then the workflow should take at least 10000 milliseconds

  Scenario: A task that completed should cancel
    When the workflow is executed
    Then first should cancel

  Scenario: A task that completed should fault
    When the workflow is executed
    Then first should fault

  Scenario: A task that did not run
    When the workflow is executed
    Then second should complete

  Scenario: Another output of a task
    When the workflow is executed
    Then first should complete with output:
      """yaml
      n: 2
      """

  Scenario: A run that faulted should complete
    Given the workflow input is:
      """yaml
      fail: true
      """
    When the workflow is executed
    Then the workflow should complete

  Scenario: Another error
    Given the workflow input is:
      """yaml
      fail: true
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      status: 501
      """

  Scenario: A task that faulted should complete
    Given the workflow input is:
      """yaml
      fail: true
      """
    When the workflow is executed
    Then second should complete

  Scenario: Another error of a task
    Given the workflow input is:
      """yaml
      fail: true
      """
    When the workflow is executed
    Then second should fault with error:
      """yaml
      status: 501
      """

  Scenario: A document that is refused
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: refused, version: '1.0.0' }
      do: [ { nothing: { wrong: true } } ]
      """

  Scenario: Words that are told
    When the workflow is executed
    Then nothing that is told of the workflow should contain 'canary'

  Scenario: An event that there was not
    When the workflow is executed
    Then the event workflow.faulted.v1 should have properties 'name'

  Scenario: An event without the property
    When the workflow is executed
    Then the event workflow.started.v1 should have properties 'finishedAt'

  Scenario: Refused though it is deployed
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: deployed, version: '1.0.0' }
      do:
        - one:
            set: { n: 1 }
      """
    Then the workflow should be refused at '/do/0/one' because 'not available'

  Scenario: Refused elsewhere
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: refused, version: '1.0.0' }
      do:
        - one:
            run: { shell: { command: 'true' } }
      """
    Then the workflow should be refused at '/do/0/one' because 'not available'

  Scenario: Refused for another reason
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: refused-too, version: '1.0.0' }
      do:
        - one:
            run: { shell: { command: 'true' } }
      """
    Then the workflow should be refused at '/do/0/one/run/shell' because 'did you mean'

Feature: Set
  Data that a task puts in place of what there was.

  @task.set.set
  Scenario: A map of literals and expressions
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-map-of-literals-and-expressions, version: '1.0.0' }
      do:
        - describe:
            set: { kind: order, total: '${ .price * .count }' }
      """
    And given the workflow input is:
      """yaml
      price: 3
      count: 4
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      kind: order
      total: 12
      """

  @task.set.set
  Scenario: One expression for the whole of the data
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: one-expression-for-the-whole-of-the-data, version: '1.0.0' }
      do:
        - widen:
            set: '${ . + { checked: true } }'
      """
    And given the workflow input is:
      """yaml
      id: 7
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      id: 7
      checked: true
      """

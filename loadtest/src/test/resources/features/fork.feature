Feature: Fork
  Tasks at the same time.

  @task.fork.branches
  Scenario: The outputs of all branches are one list in the order of the document
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-outputs-of-all-branches-are-one-list, version: '1.0.0' }
      do:
        - both:
            fork:
              branches:
                - slow:
                    do:
                      - pause:
                          wait: { milliseconds: 100 }
                      - answer:
                          set: { from: slow }
                - fast:
                    set: { from: fast }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ { from: slow }, { from: fast } ]
      """
    And slow should complete
    And fast should complete

  @task.fork.compete
  Scenario: Of branches that compete the first to end is the output
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: of-branches-that-compete-the-first-to-en, version: '1.0.0' }
      do:
        - race:
            fork:
              compete: true
              branches:
                - turtle:
                    do:
                      - sleep:
                          wait: { seconds: 30 }
                - hare:
                    set: { winner: hare }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      winner: hare
      """
    And hare should complete
    And turtle should cancel

  @task.fork.branches
  Scenario: The fault of one branch is that of all
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-fault-of-one-branch-is-that-of-all, version: '1.0.0' }
      do:
        - both:
            fork:
              branches:
                - patient:
                    do:
                      - sleep:
                          wait: { seconds: 30 }
                - broken:
                    raise:
                      error: { type: 'https://things.example/errors/broken', status: 418, title: Broken }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://things.example/errors/broken
      status: 418
      instance: /do/0/both/fork/branches/1/broken
      """
    And broken should fault
    And patient should cancel

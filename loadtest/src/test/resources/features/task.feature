Feature: What every task has
  Conditions, and where a task leads.

  @task.if
  Scenario: A task whose condition does not hold is passed over
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-task-whose-condition-does-not-hold-is, version: '1.0.0' }
      do:
        - small:
            if: .amount < 10
            set: { size: small }
        - large:
            if: .amount >= 10
            set: { size: large }
      """
    And given the workflow input is:
      """yaml
      amount: 25
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      size: large
      """
    And small should not run
    And large should complete

  @task.then.string
  Scenario: A task leads to another by its name
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-task-leads-to-another-by-its-name, version: '1.0.0' }
      do:
        - first:
            set: { visited: '${ .visited + ["first"] }' }
            then: third
        - second:
            set: { visited: '${ .visited + ["second"] }' }
        - third:
            set: { visited: '${ .visited + ["third"] }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      visited: [ first, third ]
      """
    And second should not run
    And third should run after first

  @task.then.string
  Scenario: A task leads back until a condition ends the circle
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-task-leads-back-until-a-condition-ends, version: '1.0.0' }
      do:
        - count:
            set: { n: '${ .n + 1 }' }
        - again:
            switch:
              - more: { when: .n < 3, then: count }
              - enough: { then: end }
      """
    And given the workflow input is:
      """yaml
      n: 0
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 3
      """
    And count should run 3 times
    And again should run last

  @task.then.continue
  Scenario: To continue is to go on with the next in line
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: to-continue-is-to-go-on-with-the-next-in, version: '1.0.0' }
      do:
        - first:
            set: { n: 1 }
            then: continue
        - second:
            set: { n: '${ .n + 1 }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 2
      """

  @task.then.exit
  Scenario: To exit leaves the tasks around and no more
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: to-exit-leaves-the-tasks-around-and-no-m, version: '1.0.0' }
      do:
        - inside:
            do:
              - leave:
                  set: { n: 1 }
                  then: exit
              - skipped:
                  set: { n: 100 }
        - outside:
            set: { n: '${ .n + 1 }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 2
      """
    And skipped should not run

  @task.then.end
  Scenario: To end is the end of the workflow from wherever it is
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: to-end-is-the-end-of-the-workflow-from-w, version: '1.0.0' }
      do:
        - inside:
            do:
              - finish:
                  set: { done: early }
                  then: end
        - outside:
            set: { done: late }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      done: early
      """
    And outside should not run

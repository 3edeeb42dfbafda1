Feature: Do
  Tasks one after the other, as one.

  @task.do.do @workflow.do
  Scenario: Tasks within a task hand their data on
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: tasks-within-a-task-hand-their-data-on, version: '1.0.0' }
      do:
        - outer:
            do:
              - one:
                  set: { path: '${ .path + "1" }' }
              - two:
                  do:
                    - deep:
                        set: { path: '${ .path + "2" }' }
        - after:
            set: { path: '${ .path + "3" }' }
      """
    And given the workflow input is:
      """yaml
      path: ''
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      path: '123'
      """
    And outer should run first
    And deep should run after one
    And after should run last

Feature: Run
  Workflows that run others.

  @task.run.workflow @task.run.workflow.namespace @task.run.workflow.name @task.run.workflow.version @task.run.workflow.input
  Scenario: The output of the other workflow is that of the task
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: child, version: '1.0.0' }
      do:
        - double:
            set: { doubled: '${ .n * 2 }' }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-output-of-the-other-workflow-is-that, version: '1.0.0' }
      do:
        - other:
            run:
              workflow: { namespace: conformance, name: child, version: '1.0.0', input: { n: '${ .n }' } }
      """
    And given the workflow input is:
      """yaml
      n: 21
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      doubled: 42
      """

  @task.run.await
  Scenario: A workflow that is not awaited leaves the data as it is
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: child, version: '1.0.0' }
      do:
        - double:
            set: { doubled: '${ .n * 2 }' }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-that-is-not-awaited-leaves-th, version: '1.0.0' }
      do:
        - other:
            run:
              await: false
              workflow: { namespace: conformance, name: child, version: '1.0.0', input: { n: '${ .n }' } }
      """
    And given the workflow input is:
      """yaml
      n: 21
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 21
      """

  @task.run.workflow
  Scenario: The fault of the other workflow is that of the task
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: child, version: '1.0.0' }
      do:
        - fail:
            raise:
              error: { type: 'https://things.example/errors/child', status: 409, title: Child }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-fault-of-the-other-workflow-is-that, version: '1.0.0' }
      do:
        - other:
            run:
              workflow: { namespace: conformance, name: child, version: '1.0.0', input: { n: '${ .n }' } }
      """
    And given the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://things.example/errors/child
      status: 409
      instance: /do/0/other
      """
    And other should fault

  @task.run.return
  Scenario: A workflow that is run gives what is asked for
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: child, version: '1.0.0' }
      do:
        - double:
            set: { doubled: '${ .n * 2 }' }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-that-is-run-gives-what-is-ask, version: '1.0.0' }
      do:
        - all:
            run:
              workflow: { namespace: conformance, name: child, version: '1.0.0', input: { n: '${ .n }' } }
              return: all
            export: { as: { all: '${ . }' } }
        - none:
            run:
              workflow: { namespace: conformance, name: child, version: '1.0.0', input: { n: 1 } }
              return: none
            output: { as: { all: '${ $context.all }', none: '${ . == null }' } }
      """
    And given the workflow input is:
      """yaml
      n: 21
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      all: { code: 0, stdout: '{"doubled":42}', stderr: '' }
      none: true
      """

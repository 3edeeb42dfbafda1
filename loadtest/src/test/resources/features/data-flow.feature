Feature: Data flow
  What comes into a workflow or a task, and what leaves it.

  @workflow.input.from
  Scenario: The input of a workflow is transformed
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-input-of-a-workflow-is-transformed, version: '1.0.0' }
      input: { from: .request.order }
      do:
        - keep:
            set: { id: '${ .id }' }
      """
    And given the workflow input is:
      """yaml
      request: { order: { id: 12 } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      id: 12
      """

  @workflow.output.as
  Scenario: The output of a workflow is transformed
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-output-of-a-workflow-is-transformed, version: '1.0.0' }
      do:
        - compute:
            set: { subtotal: 10, tax: 2 }
      output: { as: '${ { total: (.subtotal + .tax) } }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      total: 12
      """

  @task.input.from
  Scenario: The input of a task is a part of the data
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-input-of-a-task-is-a-part-of-the-dat, version: '1.0.0' }
      do:
        - greet:
            input: { from: .user }
            set: { text: '${ "Hello " + .name }' }
      """
    And given the workflow input is:
      """yaml
      user: { name: Ada }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: Hello Ada
      """

  @task.output.as
  Scenario: The output of a task is a part of what it made
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-output-of-a-task-is-a-part-of-what-i, version: '1.0.0' }
      do:
        - measure:
            set: { width: 3, height: 5 }
            output: { as: .width * .height }
        - report:
            set: { area: '${ . }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      area: 15
      """

  @task.export.as @runtime.expression.context
  Scenario: What a task exports is the context of those after it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-a-task-exports-is-the-context-of-th, version: '1.0.0' }
      do:
        - remember:
            set: { token: abc }
            export: { as: '${ $context + { token: .token } }' }
        - forget:
            set: { nothing: true }
        - recall:
            set: { token: '${ $context.token }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      token: abc
      """

  @runtime.expression.input
  Scenario: A task knows its input beside what it made
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-task-knows-its-input-beside-what-it-ma, version: '1.0.0' }
      do:
        - double:
            input: { from: .n }
            set: { doubled: '${ . * 2 }' }
            output: { as: '${ { from: $input, to: .doubled } }' }
      """
    And given the workflow input is:
      """yaml
      n: 21
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      from: 21
      to: 42
      """

  @runtime.expression.workflow @workflow.document.name @workflow.document.namespace
  Scenario: A task knows the workflow it is part of
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-task-knows-the-workflow-it-is-part-of, version: '1.0.0' }
      do:
        - name:
            set: { name: '${ $workflow.definition.document.name }', namespace: '${ $workflow.definition.document.namespace }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      name: a-task-knows-the-workflow-it-is-part-of
      namespace: conformance
      """

  @runtime.expression.task
  Scenario: A task knows itself
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-task-knows-itself, version: '1.0.0' }
      do:
        - itself:
            set: { name: '${ $task.name }', reference: '${ $task.reference }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      name: itself
      reference: /do/0/itself
      """

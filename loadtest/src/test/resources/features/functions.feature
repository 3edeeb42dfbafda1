Feature: Functions
  Tasks that are called by a name.

  @workflow.use.functions
  Scenario: A function is given what it is called with
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-function-is-given-what-it-is-called-wi, version: '1.0.0' }
      use:
        functions:
          greet:
            set: { text: '${ "Hello " + .name }' }
      do:
        - first:
            call: greet
            with: { name: '${ .user }' }
      """
    And given the workflow input is:
      """yaml
      user: Ada
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: Hello Ada
      """

  @task.call.call
  Scenario: A function that is called with nothing is given the data
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-function-that-is-called-with-nothing-i, version: '1.0.0' }
      use:
        functions:
          double:
            set: { n: '${ .n * 2 }' }
      do:
        - once: { call: double }
        - twice: { call: double }
      """
    And given the workflow input is:
      """yaml
      n: 3
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 12
      """

  @task.call.with
  Scenario: What a function is called with is computed as a whole
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-a-function-is-called-with-is-comput, version: '1.0.0' }
      use:
        functions:
          ask:
            call: http
            with: { method: get, endpoint: 'https://things.example/echo/{id}' }
            output: { as: .path }
      do:
        - one:
            call: ask
            with: '${ .order }'
      """
    And given the workflow input is:
      """yaml
      order: { id: 8 }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      /echo/8
      """

  @workflow.use.functions
  Scenario: A function that is given what it does not take fails by its own place
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-function-that-is-given-what-it-does-no, version: '1.0.0' }
      use:
        functions:
          strict:
            input: { schema: { document: { type: object, required: [ id ] } } }
            set: { id: '${ .id }' }
      do:
        - one:
            call: strict
            with: { name: Ada }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      instance: /use/functions/strict
      """
    And one should fault

  @task.call.call
  Scenario: A function that there is not is refused with one that may be meant
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-function-that-there-is-not-is-refused, version: '1.0.0' }
      use:
        functions:
          greet:
            set: { text: Hello }
      do:
        - one:
            call: great
      """
    Then the workflow should be refused at '/do/0/one/call' because 'did you mean \'greet\''

  @workflow.use.functions
  Scenario: Functions call one another
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: functions-call-one-another, version: '1.0.0' }
      use:
        functions:
          inner:
            set: { path: '${ .path + "i" }' }
          outer:
            do:
              - before: { call: inner, with: { path: '${ .path + "o" }' } }
              - after: { call: inner }
      do:
        - go: { call: outer, with: { path: '' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      path: oii
      """

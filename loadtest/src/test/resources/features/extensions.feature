Feature: Extensions
  What is done before and after the tasks that are extended.

  @extension.before
  Scenario: Before a task something is done that changes nothing
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: before-a-task-something-is-done-that-cha, version: '1.0.0' }
      use:
        extensions:
          - watch:
              extend: set
              before:
                - look:
                    set: { n: 100 }
      do:
        - add:
            set: { n: '${ .n + 1 }' }
      """
    And given the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 2
      """
    And look should run before add

  @extension.after
  Scenario: After a task something is done with what it made
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: after-a-task-something-is-done-with-what, version: '1.0.0' }
      use:
        extensions:
          - watch:
              extend: set
              after:
                - look:
                    do:
                      - wait: { wait: { milliseconds: 1 } }
                    output: { as: '{ n: -1 }' }
                    export: { as: '{ seen: $input.n, of: $task.name }' }
      do:
        - add:
            set: { n: '${ .n + 1 }' }
      output: { as: '{ n: .n, context: $context }' }
      """
    And given the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 2
      context: { seen: 2, of: add }
      """
    And look should run after add

  @extension.when
  Scenario: Only tasks for which its condition holds are extended
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: only-tasks-for-which-its-condition-holds, version: '1.0.0' }
      use:
        extensions:
          - stop:
              extend: set
              when: $task.name == "second"
              before:
                - instead:
                    set: { by: extension }
                    then: exit
      do:
        - first:
            set: { by: first }
            export: { as: '{ first: .by }' }
        - second:
            set: { by: second }
      output: { as: '[ $context.first, .by ]' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ first, extension ]
      """
    And instead should run 1 times

  @extension.before
  Scenario: A task is not run when what is before it exits
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-task-is-not-run-when-what-is-before-it, version: '1.0.0' }
      use:
        extensions:
          - mock:
              extend: call
              before:
                - answer:
                    set: { statusCode: 200, content: mocked }
                    then: exit
      do:
        - ask:
            call: http
            with: { method: get, endpoint: 'https://nowhere.example/' }
        - keep:
            set: { got: '${ .content }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      got: mocked
      """

  @extension.before
  Scenario: The workflow ends when what is before a task ends it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-workflow-ends-when-what-is-before-a, version: '1.0.0' }
      use:
        extensions:
          - stop:
              extend: raise
              before:
                - enough:
                    set: { ended: true }
                    then: end
      do:
        - fail:
            raise: { error: { type: 'https://things.example/errors/never', status: 500 } }
        - never:
            set: { ended: false }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      ended: true
      """
    And never should not run

  @extension.extend
  Scenario: Tasks of other kinds are left alone
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: tasks-of-other-kinds-are-left-alone, version: '1.0.0' }
      use:
        extensions:
          - count:
              extend: wait
              after:
                - note:
                    set: { any: thing }
                    export: { as: '{ count: (($context.count // 0) + 1) }' }
      do:
        - one: { set: { n: 1 } }
        - pause: { wait: { milliseconds: 1 } }
        - again: { wait: { milliseconds: 1 } }
      output: { as: $context.count }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      2
      """
    And note should run 2 times

  @extension.extend
  Scenario: Tasks of all kinds are extended, and those that are made of others
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: tasks-of-all-kinds-are-extended-and-thos, version: '1.0.0' }
      use:
        extensions:
          - count:
              extend: all
              before:
                - note:
                    set: { any: thing }
                    export: { as: '{ seen: (($context.seen // []) + [ $task.name ]) }' }
      do:
        - list:
            do:
              - one: { set: { n: 1 } }
        - pause: { wait: { milliseconds: 1 } }
      output: { as: $context.seen }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ list, one, pause ]
      """

  @extension.extend
  Scenario: Tasks that are made of others are extended as such
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: tasks-that-are-made-of-others-are-extend, version: '1.0.0' }
      use:
        extensions:
          - count:
              extend: composite
              before:
                - note:
                    set: { any: thing }
                    export: { as: '{ seen: (($context.seen // []) + [ $task.name ]) }' }
      do:
        - list:
            do:
              - one: { set: { n: 1 } }
        - pause: { wait: { milliseconds: 1 } }
      output: { as: $context.seen }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ list ]
      """

  @workflow.use.extensions
  Scenario: An error of an extension is an error of the task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-error-of-an-extension-is-an-error-of, version: '1.0.0' }
      use:
        extensions:
          - break:
              extend: set
              before:
                - bad:
                    raise: { error: { type: 'https://things.example/errors/bad', status: 400 } }
      do:
        - attempt:
            try:
              - one: { set: { n: 1 } }
            catch:
              do:
                - switched:
                    switch:
                      - all: { then: continue }
            output: { as: '{ caught: true }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      caught: true
      """

  @workflow.use.extensions
  Scenario: Several extensions apply in the order of the document
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: several-extensions-apply-in-the-order-of, version: '1.0.0' }
      use:
        extensions:
          - first:
              extend: wait
              before:
                - note: { set: { any: thing }, export: { as: '{ seen: (($context.seen // []) + [ "first" ]) }' } }
          - second:
              extend: all
              before:
                - mark: { set: { any: thing }, export: { as: '{ seen: (($context.seen // []) + [ "second" ]) }' } }
      do:
        - pause: { wait: { milliseconds: 1 } }
      output: { as: $context.seen }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ first, second ]
      """

  @extension.extend
  Scenario: A kind of task that there is not is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-kind-of-task-that-there-is-not-is-refu, version: '1.0.0' }
      use:
        extensions:
          - wrong: { extend: calls, before: [ { one: { set: { n: 1 } } } ] }
      do:
        - one: { set: { n: 1 } }
      """
    Then the workflow should be refused at '/use/extensions/0/wrong/extend' because 'did you mean \'call\''

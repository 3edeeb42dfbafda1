Feature: Evaluate
  How expressions are written.

  @workflow.evaluate.mode
  Scenario: Loosely, a text that is an expression is evaluated
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: loosely-a-text-that-is-an-expression-is, version: '1.0.0' }
      evaluate: { mode: loose }
      do:
        - compute:
            set: { sum: .a + .b, same: '${ .a }' }
      """
    And given the workflow input is:
      """yaml
      a: 2
      b: 3
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      sum: 5
      same: 2
      """

  @workflow.evaluate.mode
  Scenario: Loosely, a text that is no expression is itself
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: loosely-a-text-that-is-no-expression-is, version: '1.0.0' }
      evaluate: { mode: loose }
      do:
        - keep:
            set: { text: 'Hello, you there!', n: 1 }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: 'Hello, you there!'
      n: 1
      """

  @workflow.evaluate.mode
  Scenario: Loosely, an expression that fails is its text
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: loosely-an-expression-that-fails-is-its, version: '1.0.0' }
      evaluate: { mode: loose }
      do:
        - keep:
            set: { text: .a.b }
      """
    And given the workflow input is:
      """yaml
      a: words
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: .a.b
      """

  @workflow.evaluate.mode
  Scenario: Strictly, a text without braces is itself
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: strictly-a-text-without-braces-is-itself, version: '1.0.0' }
      evaluate: { mode: strict }
      do:
        - keep:
            set: { text: .a }
      """
    And given the workflow input is:
      """yaml
      a: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: .a
      """

  @workflow.evaluate.language
  Scenario: Expressions in jq are named as such
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: expressions-in-jq-are-named-as-such, version: '1.0.0' }
      evaluate: { language: jq }
      do:
        - keep:
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

  @workflow.evaluate.language
  Scenario: Expressions in another language are refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: expressions-in-another-language-are-refu, version: '1.0.0' }
      evaluate: { language: js }
      do:
        - keep:
            set: { n: 1 }
      """
    Then the workflow should be refused at '/evaluate/language' because 'not available'

Feature: Document
  How a workflow is named, and what is said about it.

  @workflow.document.dsl
  Scenario: A document without the version of its language is refused
    When a workflow is deployed with definition:
      """yaml
      document: { namespace: conformance, name: no-dsl, version: '1.0.0' }
      do:
        - one: { set: { n: 1 } }
      """
    Then the workflow should be refused at '/document' because '\'dsl\' is missing'

  @workflow.document.version
  Scenario: A version that is not semantic is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: no-version, version: 'one' }
      do:
        - one: { set: { n: 1 } }
      """
    Then the workflow should be refused at '/document/version' because 'semantic version'

  @workflow.document.title @workflow.document.summary @workflow.document.tags @workflow.document.metadata
  Scenario: What is said about a workflow is kept
    Given a workflow with definition:
      """yaml
      document:
        dsl: '1.0.3'
        namespace: conformance
        name: what-is-said-about-a-workflow-is-kept
        version: '1.0.0'
        title: A title
        summary: '# A summary'
        tags: { team: blue }
        metadata: { of: { any: kind } }
      do:
        - tell:
            set: { all: '${ $workflow.definition.document | { title, summary, tags, metadata } }' }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'all' property with value:
      """yaml
      title: A title
      summary: '# A summary'
      tags: { team: blue }
      metadata: { of: { any: kind } }
      """

  @task.metadata
  Scenario: What is said about a task is kept
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-said-about-a-task-is-kept, version: '1.0.0' }
      do:
        - tell:
            metadata: { owner: blue }
            set: { owner: '${ $task.definition.metadata.owner }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      owner: blue
      """

  @runtime.expression.runtime
  Scenario: A task knows by what it is run
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-task-knows-by-what-it-is-run, version: '1.0.0' }
      do:
        - tell:
            set: { by: '${ $runtime.name }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      by: sluice
      """

  @runtime.expression.output
  Scenario: What is exported is computed over the output
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-exported-is-computed-over-the-ou, version: '1.0.0' }
      do:
        - remember:
            set: { n: 1 }
            output: { as: '{ m: (.n + 1) }' }
            export: { as: '{ kept: $output.m }' }
        - recall:
            set: { kept: '${ $context.kept }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      kept: 2
      """

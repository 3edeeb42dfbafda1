Feature: Raise
  Errors of the author's own.

  @task.raise.error @error.type @error.status @error.title @error.detail
  Scenario: An error says what it is and where it comes from
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-error-says-what-it-is-and-where-it-co, version: '1.0.0' }
      do:
        - refuse:
            raise:
              error:
                type: https://things.example/errors/out-of-stock
                status: 409
                title: Out of stock
                detail: '${ "There are " + (.count | tostring) + " left" }'
      """
    And given the workflow input is:
      """yaml
      count: 0
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://things.example/errors/out-of-stock
      status: 409
      title: Out of stock
      detail: There are 0 left
      instance: /do/0/refuse
      """
    And refuse should fault with error:
      """yaml
      status: 409
      """

  @workflow.use.errors
  Scenario: An error is raised by its name
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-error-is-raised-by-its-name, version: '1.0.0' }
      use:
        errors:
          gone: { type: 'https://things.example/errors/gone', status: 410, title: Gone }
      do:
        - refuse:
            raise: { error: gone }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://things.example/errors/gone
      status: 410
      title: Gone
      """

Feature: Catalogs
  Functions that others keep.

  @workflow.use.catalogs @catalog.endpoint
  Scenario: A function of a catalog is called
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-function-of-a-catalog-is-called, version: '1.0.0' }
      use:
        catalogs:
          known: { endpoint: { uri: "https://things.example/catalog" } }
      do:
        - log: { call: 'log:1.0.0@known', with: { message: Hello } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      logged: Hello
      """

  @task.call.call
  Scenario: A function is called by the address of its document
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-function-is-called-by-the-address, version: '1.0.0' }
      do:
        - log: { call: 'https://things.example/functions/log/1.0.0/function.yaml', with: { message: Hello } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      logged: Hello
      """

  @workflow.use.catalogs
  Scenario: A catalog that is not named is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-catalog-that-is-not-named-is-refused, version: '1.0.0' }
      do:
        - log: { call: 'log:1.0.0@unknown', with: { message: Hello } }
      """
    Then the workflow should be refused at '/do/0/log/call' because 'there is no \'unknown\' in use.catalogs'

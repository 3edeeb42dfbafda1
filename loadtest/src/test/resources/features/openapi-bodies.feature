Feature: Bodies of OpenAPI operations
  What is sent of arguments when the document asks for something else than JSON.

  @task.call.openapi.parameters
  Scenario: Files are parts, and so is what is told of them
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: files-are-parts, version: '1.0.0' }
      do:
        - upload:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: uploadThing
              parameters:
                photo: { base64: "${ .photo }", filename: me.png }
                tags: [ a, b ]
                about: { name: Ada }
      """
    And given the workflow input is:
      """yaml
      photo: AP8=
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      parts:
        - { name: photo, filename: me.png, type: image/png, base64: AP8= }
        - { name: tags, base64: YQ== }
        - { name: tags, base64: Yg== }
        - { name: about, base64: eyJuYW1lIjoiQWRhIn0= }
      """

  @task.call.openapi.parameters
  Scenario: A file that is Base64 has the name of its part
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-file-that-is-base64, version: '1.0.0' }
      do:
        - attach:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/swagger.json' }
              operationId: attachFile
              parameters: { file: AP8=, note: some }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      parts:
        - { name: file, filename: file, type: application/octet-stream, base64: AP8= }
        - { name: note, base64: c29tZQ== }
      """

  @task.call.openapi.parameters
  Scenario: A part that is missing is an error of the call
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-part-that-is-missing, version: '1.0.0' }
      do:
        - upload:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: uploadThing
              parameters: { tags: [ a ] }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
      status: 400
      instance: /do/0/upload
      """

  @task.call.openapi.parameters
  Scenario: A body of bytes is Base64
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-body-of-bytes-is-base64, version: '1.0.0' }
      do:
        - store:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/bytes.json' }
              operationId: store
              parameters: { body: AP8= }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      type: application/octet-stream
      base64: AP8=
      """

Feature: Certificates
  Calls that say who makes them where the connection is made.

  @authentication.certificate
  Scenario: A certificate and its key are a secret
    Given a secret client with a certificate and its key
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-certificate-and-its-key-are-a-secret, version: '1.0.0' }
      use:
        secrets: [ client ]
        authentications:
          known: { certificate: { use: client } }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example:5013/
                authentication: { use: known }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      ada
      """
    And nothing that is told of the workflow should contain 'PRIVATE KEY'

  @authentication.certificate.chain
  @authentication.certificate.key
  Scenario: A certificate and its key are parts of a secret
    Given a secret client with a certificate and its key
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-certificate-and-its-key-are-parts, version: '1.0.0' }
      use:
        secrets: [ client ]
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example:5013/
                authentication:
                  certificate:
                    chain: ${ $secrets.client.chain }
                    key: ${ $secrets.client.key }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      ada
      """
    And nothing that is told of the workflow should contain 'PRIVATE KEY'

  @authentication.certificate
  Scenario: A server that wants a certificate refuses who shows none
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-server-that-wants-a-certificate, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: https://things.example:5013/
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/authentication
      status: 401
      instance: /do/0/ask
      title: Authentication Error
      detail: The server wants a client certificate.
      """

  @authentication.certificate.key
  Scenario: A key that cannot be read is an error that does not show it
    Given a secret client with value:
      """yaml
      chain: nothing of the kind
      key: PRIVATE KEY of nobody
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-key-that-cannot-be-read, version: '1.0.0' }
      use:
        secrets: [ client ]
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example:5013/
                authentication: { certificate: { use: client } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/configuration
      status: 400
      instance: /do/0/ask
      """
    And nothing that is told of the workflow should contain 'of nobody'

  @authentication.certificate
  Scenario: A certificate is refused where there is no TLS
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-certificate-without-tls, version: '1.0.0' }
      use:
        secrets: [ client ]
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: http://things.example/
                authentication: { certificate: { use: client } }
      """
    Then the workflow should be refused at '/do/0/ask/with/endpoint' because 'a certificate is shown over TLS alone'

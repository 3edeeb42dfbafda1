Feature: OpenID Connect
  Tokens that are asked for where the authority says.

  @authentication.oidc.username @authentication.oidc.password
  Scenario: A token is asked for in the name of a user of OpenID
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-asked-for-in-the-name-of-a-us, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oidc:
                    authority: https://things.example
                    grant: password
                    client: { id: sluice, secret: open sesame }
                    username: ada
                    password: secret
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'username' property with value:
      """yaml
      ada
      """
    And the workflow output should have a 'password' property with value:
      """yaml
      secret
      """

  @authentication.oidc.client.assertion
  Scenario: A client of OpenID says who it is by what it has signed
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-client-of-openid-says-who-it-is-by-wha, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oidc:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, assertion: signed, authentication: private_key_jwt }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'client' property with value:
      """yaml
      by assertion
      """

  @authentication.oidc.request.encoding @authentication.oidc.audiences
  Scenario: A token is asked for in JSON, for several
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-asked-for-in-json-for-several, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oidc:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame }
                    request: { encoding: application/json }
                    audiences: [ things, others ]
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'encoding' property with value:
      """yaml
      json
      """
    And the workflow output should have a 'audience' property with value:
      """yaml
      [ things, others ]
      """

  @authentication.oidc.subject.token @authentication.oidc.subject.type @authentication.oidc.actor.token @authentication.oidc.actor.type
  Scenario: A token of OpenID is exchanged for another
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-of-openid-is-exchanged-for-anoth, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oidc:
                    authority: https://things.example
                    grant: urn:ietf:params:oauth:grant-type:token-exchange
                    client: { id: sluice, secret: open sesame }
                    subject: { token: former, type: urn:ietf:params:oauth:token-type:id_token }
                    actor: { token: acting, type: urn:ietf:params:oauth:token-type:jwt }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'subject_token' property with value:
      """yaml
      former
      """
    And the workflow output should have a 'subject_token_type' property with value:
      """yaml
      urn:ietf:params:oauth:token-type:id_token
      """
    And the workflow output should have a 'actor_token' property with value:
      """yaml
      acting
      """
    And the workflow output should have a 'actor_token_type' property with value:
      """yaml
      urn:ietf:params:oauth:token-type:jwt
      """

  @authentication.oauth2.endpoints.revocation @authentication.oauth2.endpoints.introspection
  Scenario: Where tokens are taken back or looked at may be said
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: where-tokens-are-taken-back-or-looked-at, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame }
                    endpoints: { revocation: /revoke, introspection: /look }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'endpoint' property with value:
      """yaml
      /oauth2/token
      """

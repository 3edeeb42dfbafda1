Feature: Switch
  Which way to go.

  @task.switch.when
  Scenario: The first case that holds leads on
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-first-case-that-holds-leads-on, version: '1.0.0' }
      do:
        - route:
            switch:
              - tiny: { when: .size < 1, then: end }
              - small: { when: .size < 10, then: handSmall }
              - any: { when: .size < 100, then: handLarge }
        - handLarge:
            set: { by: large }
            then: end
        - handSmall:
            set: { by: small }
      """
    And given the workflow input is:
      """yaml
      size: 5
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      by: small
      """
    And handLarge should not run
    And route should run before handSmall

  @task.switch.switch
  Scenario: A case without a condition takes what no other took
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-case-without-a-condition-takes-what-no, version: '1.0.0' }
      do:
        - route:
            switch:
              - otherwise: { then: fallback }
              - exact: { when: .kind == "exact", then: end }
        - never:
            set: { kind: never }
        - fallback:
            set: { kind: fallback }
      """
    And given the workflow input is:
      """yaml
      kind: unknown
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      kind: fallback
      """
    And never should not run

  @task.switch.then
  Scenario: A case leads out of the tasks around it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-case-leads-out-of-the-tasks-around-it, version: '1.0.0' }
      do:
        - checks:
            do:
              - route:
                  switch:
                    - known: { when: .known, then: exit }
              - register:
                  set: { registered: true }
        - last:
            set: { known: '${ .known }', registered: '${ .registered }' }
      """
    And given the workflow input is:
      """yaml
      known: true
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      known: true
      registered: null
      """
    And register should not run

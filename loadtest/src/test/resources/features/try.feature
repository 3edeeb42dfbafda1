Feature: Try
  Errors that are caught.

  @task.try.catch
  Scenario: Whatever goes wrong is caught where nothing is said of errors
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: whatever-goes-wrong-is-caught-where-noth, version: '1.0.0' }
      do:
        - attempt:
            try:
              - fail:
                  raise:
                    error: { type: 'https://things.example/errors/refused', status: 422, title: Refused }
            catch:
              do:
                - handle:
                    set: { handled: true }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      handled: true
      """
    And fail should fault
    And attempt should complete

  @task.try.try
  Scenario: What goes well is not caught
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-goes-well-is-not-caught, version: '1.0.0' }
      do:
        - attempt:
            try:
              - work:
                  set: { worked: true }
            catch:
              do:
                - handle:
                    set: { handled: true }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      worked: true
      """
    And handle should not run

  @task.try.catch.errors.with
  Scenario: An error is caught by its type and status
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-error-is-caught-by-its-type-and-statu, version: '1.0.0' }
      do:
        - attempt:
            try:
              - fail:
                  raise:
                    error: { type: 'https://things.example/errors/refused', status: 422, title: Refused }
            catch:
              errors: { with: { type: 'https://things.example/errors/refused', status: 422 } }
              do:
                - handle:
                    set: { handled: true }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      handled: true
      """

  @task.try.catch.errors.with
  Scenario: An error of another type is not caught
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-error-of-another-type-is-not-caught, version: '1.0.0' }
      do:
        - attempt:
            try:
              - fail:
                  raise:
                    error: { type: 'https://things.example/errors/refused', status: 422, title: Refused }
            catch:
              errors: { with: { type: 'https://things.example/errors/other' } }
              do:
                - handle:
                    set: { handled: true }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://things.example/errors/refused
      status: 422
      instance: /do/0/attempt/try/0/fail
      """
    And handle should not run

  @task.try.catch.as
  Scenario: The error has the name it is given
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-error-has-the-name-it-is-given, version: '1.0.0' }
      do:
        - attempt:
            try:
              - fail:
                  raise:
                    error: { type: 'https://things.example/errors/refused', status: 422, title: Refused }
            catch:
              as: problem
              do:
                - handle:
                    set: { title: '${ $problem.title }', instance: '${ $problem.instance }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      title: Refused
      instance: /do/0/attempt/try/0/fail
      """

  @task.try.catch.as
  Scenario: The error without a name is called error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-error-without-a-name-is-called-error, version: '1.0.0' }
      do:
        - attempt:
            try:
              - fail:
                  raise:
                    error: { type: 'https://things.example/errors/refused', status: 422, title: Refused }
            catch:
              do:
                - handle:
                    set: { status: '${ $error.status }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      status: 422
      """

  @task.try.catch.when
  Scenario: An error is caught when a condition holds
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-error-is-caught-when-a-condition-hold, version: '1.0.0' }
      do:
        - attempt:
            try:
              - fail:
                  raise:
                    error: { type: 'https://things.example/errors/refused', status: 503, title: Refused }
            catch:
              when: $error.status >= 500
              do:
                - handle:
                    set: { handled: true }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      handled: true
      """

  @task.try.catch.exceptWhen
  Scenario: An error is not caught when an exception holds
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-error-is-not-caught-when-an-exception, version: '1.0.0' }
      do:
        - attempt:
            try:
              - fail:
                  raise:
                    error: { type: 'https://things.example/errors/refused', status: 503, title: Refused }
            catch:
              exceptWhen: $error.status >= 500
              do:
                - handle:
                    set: { handled: true }
      """
    When the workflow is executed
    Then the workflow should fault
    And handle should not run

  @task.try.catch.do
  Scenario: An error that is caught without more leaves the data as it was
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-error-that-is-caught-without-more-lea, version: '1.0.0' }
      do:
        - attempt:
            try:
              - fail:
                  raise:
                    error: { type: 'https://things.example/errors/refused', status: 422, title: Refused }
            catch:
              errors: { with: { status: 422 } }
      """
    And given the workflow input is:
      """yaml
      kept: true
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      kept: true
      """

  @task.try.catch.then
  Scenario: A caught error leads to another task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-caught-error-leads-to-another-task, version: '1.0.0' }
      do:
        - attempt:
            try:
              - fail:
                  raise:
                    error: { type: 'https://things.example/errors/refused', status: 422, title: Refused }
            catch:
              then: rescue
        - normal:
            set: { way: normal }
            then: end
        - rescue:
            set: { way: rescue }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      way: rescue
      """
    And normal should not run

  @task.try.try
  Scenario: What one does not catch the next around it does
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-one-does-not-catch-the-next-around, version: '1.0.0' }
      do:
        - outer:
            try:
              - inner:
                  try:
                    - fail:
                        raise:
                          error: { type: 'https://things.example/errors/refused', status: 422 }
                  catch:
                    errors: { with: { status: 500 } }
                    do:
                      - wrong:
                          set: { by: inner }
            catch:
              do:
                - right:
                    set: { by: outer }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      by: outer
      """
    And wrong should not run
    And inner should fault

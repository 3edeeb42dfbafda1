Feature: Script
  Scripts that run in a sandbox.

  @task.run.script @task.run.script.language @task.run.script.language.js @task.run.script.code @task.run.script.stdin @task.run.script.arguments @task.run.script.environment
  Scenario: A script has what it is given, and its output is the task's
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-script-has-what-it-is-given, version: '1.0.0' }
      do:
        - greet:
            run:
              script:
                language: js
                stdin: ${ .order }
                arguments: [ hello, '${ .name }' ]
                environment: { MARK: '!' }
                code: |
                  import { readFileSync } from 'node:fs';
                  const order = JSON.parse(readFileSync(process.stdin.fd, 'utf8'));
                  const [_, __, greeting, name] = process.argv;
                  console.log(`${greeting} ${name}, order ${order.id}${process.env.MARK}`);
            output: { as: { text: '${ . }' } }
      """
    And given the workflow input is:
      """yaml
      name: Jo
      order: { id: 7 }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: "hello Jo, order 7!\n"
      """

  @task.run.return @process.result.code @process.result.stdout @process.result.stderr
  Scenario: A script gives all of its result
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-script-gives-all-of-its-result, version: '1.0.0' }
      do:
        - check:
            run:
              script:
                language: js
                code: |
                  console.log('out');
                  console.error('err');
                  process.exit(3);
              return: all
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      code: 3
      stdout: "out\n"
      stderr: "err\n"
      """

  @task.run.return
  Scenario: A script gives its exit code
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-script-gives-its-exit-code, version: '1.0.0' }
      do:
        - check:
            run:
              script: { language: js, code: "throw new Error('no')" }
              return: code
            output: { as: { code: '${ . }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      code: 1
      """

  @task.run.return
  Scenario: A script gives what it complains of, or nothing
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-script-gives-what-it-complains-of, version: '1.0.0' }
      do:
        - complain:
            run:
              script: { language: js, code: "console.error('no')" }
              return: stderr
            export: { as: { complaint: '${ . }' } }
        - ignore:
            run:
              script: { language: js, code: "console.log('something')" }
              return: none
            output: { as: { complaint: '${ $context.complaint }', nothing: '${ . == null }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      complaint: "no\n"
      nothing: true
      """

  @task.run.script @error.runtime
  Scenario: A script that fails is an error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-script-that-fails-is-an-error, version: '1.0.0' }
      do:
        - fail:
            run:
              script: { language: js, code: "throw new TypeError('no')" }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime
      status: 500
      instance: /do/0/fail
      """

  @task.run.script
  Scenario: A script that does not end is ended, and the workflow goes on
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-script-that-does-not-end-is-ended, version: '1.0.0' }
      do:
        - attempt:
            try:
              - loop:
                  run:
                    script: { language: js, code: 'while (true) {}' }
                  timeout: { after: PT0.5S }
            catch:
              as: error
              do:
                - goOn: { set: { status: '${ $error.status }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      status: 408
      """

  @task.run.await @task.run.script
  Scenario: A script that is not awaited leaves the data as it is
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-script-that-is-not-awaited, version: '1.0.0' }
      do:
        - start:
            run:
              await: false
              script: { language: js, code: 'while (true) {}' }
      """
    And given the workflow input is:
      """yaml
      n: 21
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 21
      """

  @task.run.script.source
  Scenario: A script elsewhere runs
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-script-elsewhere-runs, version: '1.0.0' }
      do:
        - run:
            run:
              script: { language: js, source: { endpoint: 'https://things.example/script.js' } }
            output: { as: { text: '${ . }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: "from elsewhere\n"
      """

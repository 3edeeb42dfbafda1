Feature: Not available
  What Sluice does not have is refused when a workflow is deployed, and not when it runs.

  @task.call.mcp.transport.stdio @task.call.mcp.transport.stdio.command @task.call.mcp.transport.stdio.arguments @task.call.mcp.transport.stdio.environment
  Scenario: Servers of MCP that are programs are refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: servers-of-mcp-that-are-programs, version: '1.0.0' }
      do:
        - one:
            call: mcp
            with: { method: tools/list, transport: { stdio: { command: npx, arguments: [ a-server ], environment: { A: b } } } }
      """
    Then the workflow should be refused at '/do/0/one/with/transport/stdio' because 'not available'

  @task.run.container
  Scenario: Containers are refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: containers-are-refused, version: '1.0.0' }
      do:
        - one:
            run: { container: { image: fake } }
      """
    Then the workflow should be refused at '/do/0/one/run/container' because 'not available'

  @task.run.script.language.python
  Scenario: Scripts in Python are refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: scripts-in-python-are-refused, version: '1.0.0' }
      do:
        - one:
            run: { script: { language: python, code: "print(1)" } }
      """
    Then the workflow should be refused at '/do/0/one/run/script/language' because 'not available'

  @task.run.shell
  Scenario: Commands of a shell are refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: commands-of-a-shell-are-refused, version: '1.0.0' }
      do:
        - one:
            run: { shell: { command: "true" } }
      """
    Then the workflow should be refused at '/do/0/one/run/shell' because 'not available'

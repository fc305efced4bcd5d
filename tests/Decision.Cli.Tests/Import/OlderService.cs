using System.Diagnostics;
using System.Globalization;
using Decision.Cli.Tests.Support;
using Decision.TestKit.Processes;
using Decision.TestKit.Redis;

namespace Decision.Cli.Tests.Import;

/// <summary>nginx in front of the server, which answers for one call as a version does that does not have it yet.</summary>
internal sealed class OlderService : IAsyncDisposable
{
    private readonly FileFolder _folder = new();
    private readonly Process _process;

    private OlderService(LiveServer server)
    {
        int port = RedisServer.FreePort();
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        string settings = _folder.Write("nginx.conf", $$"""
            daemon off;
            pid {{_folder.PathOf("nginx.pid")}};
            error_log stderr notice;
            events {}
            http {
              access_log off;
              client_body_temp_path {{_folder.PathOf("body")}};
              proxy_temp_path {{_folder.PathOf("proxy")}};
              fastcgi_temp_path {{_folder.PathOf("fastcgi")}};
              uwsgi_temp_path {{_folder.PathOf("uwsgi")}};
              scgi_temp_path {{_folder.PathOf("scgi")}};
              server {
                listen 127.0.0.1:{{port}} http2;
                location / { grpc_pass {{server.Address.Replace("http://", "grpc://", StringComparison.Ordinal)}}; }
                location = /decision.admin.v1.PolicyAdminService/ApplyPolicies { return 404; }
              }
            }
            """);
        _process = ChildProcesses.StartGroup(new ProcessStartInfo("nginx", ["-c", settings, "-e", "stderr"]) { RedirectStandardError = true });
    }

    public string Address { get; }

    public static async Task<OlderService> StartAsync(LiveServer server)
    {
        var service = new OlderService(server);
        while (await service._process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("start worker processes", StringComparison.Ordinal))
            {
                _ = service._process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
                return service;
            }
        }

        await service.DisposeAsync();
        throw new InvalidOperationException("nginx did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        using (var stop = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await stop.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}

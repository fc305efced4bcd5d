namespace Decision.Server.Tests.TykApi;

/// <summary>
/// Requests with the answers that are due, as text. A line that begins with <c>&gt;</c> is of a request, with <c>&lt;</c> of its answer; the
/// body follows. <c>#</c> begins a comment before a request. See the README beside the files.
/// </summary>
/// <param name="Settings">The server's settings, <c>name=value</c>.</param>
/// <param name="Exchanges">In order.</param>
internal sealed record GoldenFile(IReadOnlyList<string> Settings, IReadOnlyList<GoldenExchange> Exchanges)
{
    private const string Setting = "> SETTING ";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "TykApi", "golden");

    public static GoldenFile Read(string name)
    {
        var settings = new List<string>();
        var exchanges = new List<GoldenExchange>();
        List<string> request = [], requestBody = [], answer = [], answerBody = [];
        int line = 0, first = 0;
        foreach (string text in File.ReadLines(Path.Combine(Folder, name)).Append("> END"))
        {
            line++;
            if (text.StartsWith(Setting, StringComparison.Ordinal))
            {
                settings.Add(text[Setting.Length..]);
            }
            else if (text.StartsWith("> ", StringComparison.Ordinal))
            {
                if (answer.Count > 0)
                {
                    exchanges.Add(new GoldenExchange(
                        $"{name}:{first}", [.. request], string.Join('\n', requestBody), [.. answer], string.Join('\n', answerBody)));
                    request.Clear();
                    requestBody.Clear();
                    answer.Clear();
                    answerBody.Clear();
                }

                first = request.Count == 0 ? line : first;
                request.Add(text[2..]);
            }
            else if (text.StartsWith("< ", StringComparison.Ordinal))
            {
                answer.Add(text[2..]);
            }
            else if (!text.StartsWith('#') && text.Length > 0)
            {
                (answer.Count > 0 ? answerBody : requestBody).Add(text);
            }
        }

        return new GoldenFile(settings, exchanges);
    }
}

using Decision.Runtime.Audit;

namespace Decision.Runtime.Files;

/// <summary>What the audit log tells of files that were read again.</summary>
internal static class FileActs
{
    public static AuditAct OfReload(string sources, IReadOnlyList<EntryChange> policies, IReadOnlyList<EntryChange> apis) =>
        new("files.reload", "files", sources, "")
        {
            After = AuditJson.Write(writer =>
            {
                writer.WriteStartObject();
                Write("policies", policies);
                Write("apis", apis);
                writer.WriteEndObject();

                void Write(string name, IReadOnlyList<EntryChange> changes)
                {
                    writer.WriteStartObject(name);
                    foreach (var change in changes)
                    {
                        writer.WriteString(change.Id, change.Text);
                    }

                    writer.WriteEndObject();
                }
            }),
        };
}

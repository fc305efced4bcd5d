using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Files;

/// <summary>Messages of the file layer. Values of metadata and of unknown fields are never said.</summary>
internal static partial class FileLayerLog
{
    [LoggerMessage(1201, LogLevel.Information, "Read {Sources}: {Policies} policies ({SwitchedOff} switched off) and {Apis} APIs.", EventName = "Loaded")]
    public static partial void Loaded(ILogger log, string sources, int policies, int switchedOff, int apis);

    [LoggerMessage(1202, LogLevel.Information, "Read {Sources} again: {Added} policies added, {Changed} changed, {Removed} removed; {Policies} policies ({SwitchedOff} switched off) and {Apis} APIs, and {Keys}.", EventName = "Reloaded")]
    public static partial void Reloaded(ILogger log, string sources, int added, int changed, int removed, int policies, int switchedOff, int apis, string keys);

    [LoggerMessage(1203, LogLevel.Information, "Policy {PolicyId} of {File} is left out: it says active: false.", EventName = "PolicyLeftOut")]
    public static partial void PolicyLeftOut(ILogger log, string policyId, string file);

    [LoggerMessage(1204, LogLevel.Information, "Policy {PolicyId} {Change}; {Keys}.", EventName = "PolicyChanged")]
    public static partial void PolicyChanged(ILogger log, string policyId, string change, string keys);

    [LoggerMessage(1205, LogLevel.Information, "API {ApiId} {Change}.", EventName = "ApiChanged")]
    public static partial void ApiChanged(ILogger log, string apiId, string change);

    [LoggerMessage(1206, LogLevel.Error, "{Finding}", EventName = "FindingError")]
    public static partial void FindingError(ILogger log, string finding);

    [LoggerMessage(1207, LogLevel.Warning, "{Finding}", EventName = "FindingWarning")]
    public static partial void FindingWarning(ILogger log, string finding);

    [LoggerMessage(1208, LogLevel.Error, "{Sources} cannot be loaded ({Errors} errors): the set in force stays, with {Policies} policies and {Apis} APIs, until they are mended.", EventName = "LoadFailed")]
    public static partial void LoadFailed(ILogger log, string sources, int errors, int policies, int apis);

    [LoggerMessage(1209, LogLevel.Error, "{Sources} cannot be loaded ({Errors} errors): the last good set of the store is used, with {Policies} policies and {Apis} APIs, until they are mended.", EventName = "LastGoodUsed")]
    public static partial void LastGoodUsed(ILogger log, string sources, int errors, int policies, int apis);

    [LoggerMessage(1210, LogLevel.Information, "{Sources} are good again.", EventName = "Mended")]
    public static partial void Mended(ILogger log, string sources);

    [LoggerMessage(1211, LogLevel.Error, "The last good set could not be stored; it is tried again. A start with broken files would not have what is in force now.", EventName = "LastGoodNotStored")]
    public static partial void LastGoodNotStored(ILogger log, Exception error);

    [LoggerMessage(1212, LogLevel.Information, "The last good set is stored again.", EventName = "LastGoodStored")]
    public static partial void LastGoodStored(ILogger log);

    [LoggerMessage(1213, LogLevel.Warning, "The keys of changed policies could not be counted.", EventName = "KeysNotCounted")]
    public static partial void KeysNotCounted(ILogger log, Exception error);

    [LoggerMessage(1214, LogLevel.Warning, "Both policy_path ({Folder}) and policy_record_name ({File}) are set: the folder counts, the file is not read.", EventName = "FolderWins")]
    public static partial void FolderWins(ILogger log, string folder, string file);

    [LoggerMessage(1215, LogLevel.Warning, "Events of {Folder} do not come ({Reason}): changes are found by looking each {Interval}.", EventName = "NoEvents")]
    public static partial void NoEvents(ILogger log, string folder, string reason, TimeSpan interval);

    [LoggerMessage(1216, LogLevel.Error, "Looking at the files failed in a way that was not foreseen; it goes on at the next look.", EventName = "LookFailed")]
    public static partial void LookFailed(ILogger log, Exception error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The texts that the core gives to its error codes (apierror.h). */

#include "replay/host/abi.h"

static const struct {
    int code;
    const char *text;
} errors[] = {
    {0, "Success"},
    {403, "Unauthorized request (wrong or missing secret/token)"},
    {405, "Unauthorized access to plugin (token is not allowed to)"},
    {450, "Transport specific error"},
    {452, "Missing request"},
    {453, "Unknown request"},
    {454, "Invalid JSON"},
    {455, "Invalid JSON Object"},
    {456, "Missing mandatory element"},
    {457, "Invalid path for this request"},
    {458, "Session not found"},
    {459, "Handle not found"},
    {460, "Plugin not found"},
    {461, "Error attaching plugin"},
    {462, "Error sending message to plugin"},
    {463, "Error detaching from plugin"},
    {464, "Unsupported JSEP type"},
    {465, "Invalid SDP"},
    {466, "Invalid stream"},
    {467, "Invalid element type"},
    {468, "Session ID already in use"},
    {469, "Unexpected ANSWER (no OFFER)"},
    {470, "Token not found"},
    {471, "Wrong WebRTC state"},
    {472, "Currently not accepting new sessions"},
};

const char *janus_get_api_error(int error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(errors); i++)
        if (errors[i].code == error)
            return errors[i].text;
    return "Unknown error";
}

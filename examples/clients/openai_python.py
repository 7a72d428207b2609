"""The official OpenAI SDK for Python. What the API knows and the SDK does not goes into extra_body."""

import base64
import os
import struct
import sys
import time
import urllib.request

import openai
from openai import OpenAI

if not os.environ.get("MOONGATE_URL") or not os.environ.get("MOONGATE_API_KEY"):
    sys.exit("Set MOONGATE_URL and MOONGATE_API_KEY, or start ./python.sh")
base_url = os.environ["MOONGATE_URL"].rstrip("/") + "/v1"
api_key = os.environ["MOONGATE_API_KEY"]
model = os.environ.get("MOONGATE_MODEL", "wan2.7-image")
# The sandbox takes its end as an order to be quick; for any other upstream it is part of the prompt.
prompt = "a flower shop behind a moon gate sandbox:delay=50ms"
mark = f"{os.getpid()}-{time.time_ns()}"

client = OpenAI(base_url=base_url, api_key=api_key, timeout=300)


def assert_png(data):
    assert data[:4] == b"\x89PNG", "it is no PNG"


def assert_link(link):
    with urllib.request.urlopen(link) as answer:
        assert_png(answer.read())


def picture():
    """A picture to edit: 256 x 256, made without a library."""
    size = 256
    header = struct.pack("<2sIIIIiiHH6I", b"BM", 54 + size * size * 3, 0, 54, 40, size, size, 1, 24, *[0] * 6)
    return "shop.bmp", header + b"\x90" * (size * size * 3), "image/bmp"


def error_of(call):
    try:
        call()
    except openai.APIError as error:
        return error
    raise AssertionError("no error came")


def generations():
    """The ids of the newest generations that the key's project has."""
    page = client.get("/images/generations?limit=100", cast_to=object)
    return {generation["id"] for generation in page["data"]}


def lists_and_retrieves_models():
    assert model in [one.id for one in client.models.list()]
    assert client.models.retrieve(model).object == "model"


def generates_a_link():
    answer = client.images.generate(model=model, prompt=prompt, size="1K")
    assert len(answer.data) == 1 and answer.data[0].b64_json is None
    assert answer._request_id.startswith("req_")
    assert_link(answer.data[0].url)


def generates_base64():
    answer = client.images.generate(model=model, prompt=prompt, size="1K", response_format="b64_json")
    assert answer.data[0].url is None
    assert_png(base64.b64decode(answer.data[0].b64_json))


def sends_the_extra_fields_false_and_0_too():
    content = [{"text": "a flower shop"}]
    dry_run = client.images.generate(
        model=model,
        prompt="",
        size="1024x768",
        extra_body={
            "input": {"messages": [{"role": "user", "content": content}]},
            "watermark": False,
            "thinking_mode": False,
            "seed": 0,
        },
        extra_query={"dry_run": "true"},
    )
    sent = dry_run.upstream["body"]
    assert sent["parameters"] == {"size": "1024*768", "n": 1, "watermark": False, "thinking_mode": False, "seed": 0}
    assert sent["input"]["messages"][0]["content"] == content


def generates_two_pictures_at_once():
    assert len(client.images.generate(model=model, prompt=prompt, size="1K", n=2).data) == 2


def streams_a_picture():
    pictures = []
    for event in client.images.generate(model=model, prompt=prompt, size="1K", stream=True):
        if event.type == "image_generation.completed":
            pictures.append(base64.b64decode(event.b64_json))
    assert len(pictures) == 1
    assert_png(pictures[0])


def gets_the_error_of_a_stream():
    failing = f"{prompt} sandbox:task-fail=DataInspectionFailed"
    error = error_of(lambda: list(client.images.generate(model=model, prompt=failing, size="1K", stream=True)))
    assert error.code == "content_policy_violation", error


def edits_one_picture_and_two():
    one = client.images.edit(model=model, prompt=prompt, image=picture(), size="1K")
    assert_link(one.data[0].url)
    two = client.images.edit(
        model=model, prompt=prompt, image=[picture(), picture()], size="1K", extra_body={"seed": 0}
    )
    assert_link(two.data[0].url)


def gets_typed_errors():
    count = error_of(lambda: client.images.generate(model=model, prompt=prompt, n=9))
    assert isinstance(count, openai.BadRequestError)
    assert (count.param, count.code, count.type) == ("n", "invalid_value", "invalid_request_error")
    unknown = error_of(lambda: client.images.generate(model="dall-e-3", prompt=prompt))
    assert isinstance(unknown, openai.NotFoundError)
    stranger = OpenAI(base_url=base_url, api_key="moongate_wrong")
    assert isinstance(error_of(stranger.models.list), openai.AuthenticationError)


def pays_once_under_an_idempotency_key():
    order_id = f"example-{mark}"

    def order():
        answer = client.images.generate(
            model=model,
            prompt=prompt,
            size="1K",
            extra_body={"watermark": False, "thinking_mode": True, "seed": 0},
            extra_headers={"Idempotency-Key": order_id},
        )
        return answer

    first = order()
    assert_link(first.data[0].url)
    assert order().id == first.id, "it was paid for twice"


def pays_once_when_it_times_out_and_sends_again():
    before = generations()
    hasty = OpenAI(base_url=base_url, api_key=api_key, timeout=1.5, max_retries=5)
    answer = hasty.images.generate(model=model, prompt=f"a garden of {mark} lanterns sandbox:delay=4s", size="1K")
    assert_link(answer.data[0].url)
    assert len(generations() - before) == 1, "it was paid for more than once"


checks = [
    lists_and_retrieves_models,
    generates_a_link,
    generates_base64,
    sends_the_extra_fields_false_and_0_too,
    generates_two_pictures_at_once,
    streams_a_picture,
    gets_the_error_of_a_stream,
    edits_one_picture_and_two,
    gets_typed_errors,
    pays_once_under_an_idempotency_key,
    pays_once_when_it_times_out_and_sends_again,
]
failed = 0
for check in checks:
    what = check.__name__.replace("_", " ")
    try:
        check()
        print(f"ok    openai-python {openai.__version__}: {what}")
    except Exception as error:
        failed += 1
        print(f"FAIL  openai-python {openai.__version__}: {what}: {type(error).__name__}: {error}")
print(f"{len(checks) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
